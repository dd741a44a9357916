/** docs/protocol.schema.json: the payloads, requests and answers as JSON Schema (draft 2020-12). */
import { REQUESTS } from '@rhythmd/protocol/request-table.ts';
import { TOPICS } from '@rhythmd/protocol/topic-table.ts';
import { toJsonSchema } from '@valibot/to-json-schema';
import type * as v from 'valibot';

export function protocolSchema(): string {
  const definitions: Record<string, unknown> = {};
  for (const [name, { schema }] of Object.entries(TOPICS)) {
    if (schema !== null) definitions[`topic.${name}`] = jsonSchema(schema);
  }
  for (const [verb, { schema, answer }] of Object.entries(REQUESTS)) {
    definitions[`request.${verb}`] = jsonSchema(schema);
    definitions[`answer.${verb}`] = jsonSchema(answer);
  }
  const content = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'What rhythmd publishes, takes and answers (docs/protocol.md)',
    $defs: definitions,
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

function jsonSchema(schema: v.GenericSchema): unknown {
  // A whole number has no keyword beside its type there, and finite is what every JSON number is.
  const { $schema: _, ...rest } = toJsonSchema(schema, { errorMode: 'ignore', target: 'draft-2020-12' });
  return rest;
}
