/** docs/protocol.md: what other programs see, from the tables and schemas of protocol/. */

import { markSchema, peakSchema } from '@rhythmd/protocol/events/beats.ts';
import { gapSchema, qualitySchema } from '@rhythmd/protocol/events/device.ts';
import * as EXAMPLES from '@rhythmd/protocol/examples.ts';
import { REQUESTS } from '@rhythmd/protocol/request-table.ts';
import { MAX_REQUEST_CHARACTERS, MAX_TRANSACTION_CHARACTERS } from '@rhythmd/protocol/requests.ts';
import { type FieldRow, fieldRows } from '@rhythmd/protocol/schema-fields.ts';
import { TOPICS, type TopicName } from '@rhythmd/protocol/topic-table.ts';
import type * as v from 'valibot';

/** The example of each topic; a test publishes them. */
export const EXAMPLE_OF: Readonly<Partial<Record<TopicName, object>>> = {
  state: { state: 'online', t_ms: EXAMPLES.EXAMPLE_VITALS.t_ms },
  info: EXAMPLES.EXAMPLE_INFO,
  lead: EXAMPLES.EXAMPLE_LEAD,
  vitals: EXAMPLES.EXAMPLE_VITALS,
  beat: EXAMPLES.EXAMPLE_BEAT,
  alert: EXAMPLES.EXAMPLE_ALERT,
  alertActive: [EXAMPLES.EXAMPLE_ALERT],
  strip: EXAMPLES.EXAMPLE_STRIP,
  health: EXAMPLES.EXAMPLE_HEALTH,
};

const INTRODUCTION = `# What other programs see

MQTT topics, requests and the page's WebSocket: the contract. It is written once, in \`protocol/\`, and this page is
made from it by \`npm run docs\`; the same as JSON Schema is [protocol.schema.json](protocol.schema.json). Names are added,
not renamed; a field that is not known here is to be ignored.

The base of every topic is \`ecg/<device>\`, where the device is \`device.id\`: a pseudonym, never a patient's name. \`mqtt.base\`
puts more above it, such as the ward: \`ecg/<ward>/<device>\`.
Times are Unix milliseconds. Samples count from the start of the stream at 360 Hz, gaps included. **What is not known is
null, never 0.** Nothing here is a diagnosis: rhythmd is not a medical device.

Beats, alerts and strips reach an external broker at least once and in order, from an outbox on disk
([delivery.md](delivery.md)); \`id\` makes a message that comes twice recognisable. Retained topics are said again after
every connection, and \`state\`, \`info\`, \`lead\` and \`alert/active\` every ten seconds (\`mqtt.say_again_s\`): not every broker gives
what it keeps to who subscribes later, or on another node. A bridge on the way says \`1\` or \`0\` on \`bridge\` beside \`state\`: 0 is a line that is
cut, behind which \`state\` still says online.
`;

const REQUEST_TEXT = `## Requests

On MQTT: \`request/<verb>\` takes a JSON object, \`response/<verb>\` gives \`{transaction, status, data, error}\`. The
request's \`transaction\` (up to ${MAX_TRANSACTION_CHARACTERS} characters) comes back with the answer. With MQTT 5 a response topic and
correlation data are honoured. On the WebSocket: \`{"request": verb, "transaction": "...", "data": {...}}\`, and the answer
has \`response\` beside the same four fields. Both ways lead through one gateway: bodies of up to ${MAX_REQUEST_CHARACTERS} characters,
parsed by the tables below; a refusal has \`status: "error"\` and \`error: {code, message}\` with a code of
[troubleshooting.md](troubleshooting.md).
`;

const WAVE_TEXT = `## The wave frame

Binary, little-endian, one lead each. On MQTT (\`wave\`) the frames of all leads follow one another in one message.

| offset | type | what |
|---|---|---|
| 0 | u8 | type: 1 waveform |
| 1 | u8 | index of the lead, as in \`info.leads\` |
| 2 | u16 | count of samples |
| 4 | u32 | index of the first sample, low word |
| 8 | u32 | index of the first sample, high word |
| 12 | f32 | microvolts per unit |
| 16 | i16 x count | samples; -32768 is a sample without a value |
`;

const STREAM_TEXT = `## The WebSocket

\`/stream\` of the page's address. Text messages are \`{topic, event}\` with the payloads above and those below; binary
messages are wave frames. The first message is \`hello\` with the latest state of every topic; the signal of the last
seconds follows. A client that reads slowly loses waveform (\`skipped\` says how much), never beats or alerts.
`;

export function protocolPage(): string {
  return [
    INTRODUCTION,
    '## Topics',
    '',
    '| topic | QoS | retained | what |',
    '|---|---|---|---|',
    ...Object.values(TOPICS).map(
      ({ path, qos, retained, says }) => `| \`${path}\` | ${qos} | ${retained ? 'yes' : 'no'} | ${says} |`,
    ),
    '| `request/<verb>` | 1 | no | What is asked of the device (below). |',
    '| `response/<verb>` | 1 | no | Its answer. |',
    '',
    'With `homeassistant.discovery` there is also `homeassistant/device/ecg_<device>/config` (QoS 1, retained).',
    ...Object.entries(TOPICS).flatMap(([name, row]) => topicSection(name as TopicName, row)),
    '',
    REQUEST_TEXT,
    ...Object.entries(REQUESTS).flatMap(([verb, { schema, answer, summary }]) => [
      `### ${verb}`,
      '',
      summary,
      '',
      ...table(schema, 'No fields.'),
      '',
      'Answer:',
      '',
      ...table(answer, 'An empty object.'),
      '',
    ]),
    WAVE_TEXT,
    STREAM_TEXT,
    ...(
      [
        ['peak', peakSchema, 'At once, before the class of the beat is known.'],
        ['gap', gapSchema, 'Samples that the source lost.'],
        ['quality', qualitySchema, 'The state of a lead has changed.'],
        ['mark', markSchema, 'Somebody marked a moment (the answer of `mark`; the recording keeps it).'],
      ] as const
    ).flatMap(([name, schema, says]) => [`### ${name}`, '', says, '', ...table(schema, ''), '']),
  ].join('\n');
}

function topicSection(name: TopicName, row: (typeof TOPICS)[TopicName]): string[] {
  if (row.schema === null) return [];
  const example = EXAMPLE_OF[name];
  const fields = name === 'alertActive' ? ['The payloads of `alert`.'] : table(row.schema, '');
  return [
    '',
    `### ${row.path}`,
    '',
    row.says,
    '',
    ...fields,
    '',
    ...(example === undefined || name === 'alertActive' ? [] : ['```json', JSON.stringify(example), '```']),
  ];
}

function table(schema: v.GenericSchema, none: string): string[] {
  const rows = fieldRows(schema);
  if (rows.length === 0) return [none];
  return ['| field | type | unit | what |', '|---|---|---|---|', ...rows.map(rowText)];
}

function rowText({ path, type, unit, says }: FieldRow): string {
  return `| \`${path}\` | ${type.replaceAll('|', '\\|')} | ${unit} | ${says.replaceAll('|', '\\|')} |`;
}
