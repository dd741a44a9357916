/** `npm run config`: writes config/default.toml and config/schema.json from the schema. */
import { writeFileSync } from 'node:fs';
import { documentedToml, jsonSchema } from './document.ts';

const folder = new URL('../../config/', import.meta.url);
writeFileSync(new URL('default.toml', folder), documentedToml());
writeFileSync(new URL('schema.json', folder), `${JSON.stringify(jsonSchema(), null, 2)}\n`);
