/**
 * `npm run bench [-- NAME [ARG...]] [--json]`: the figures of the project, as tables or JSON. Each topic's result is
 * kept in test/bench/results/NAME.json, or the file that the topic names, with the machine it was measured on. Without a name: every topic.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describeError, RhythmdError } from '@rhythmd/ecg/errors.ts';
import { describeMachine, thisMachine } from './machine.ts';
import { formatTable } from './table.ts';
import { TOPICS } from './topics.ts';

const resultsFolder = fileURLToPath(new URL('results/', import.meta.url));

async function main(words: readonly string[]): Promise<void> {
  const asJson = words.includes('--json');
  const [name, ...args] = words.filter((word) => word !== '--json');
  const names = name === undefined ? Object.keys(TOPICS) : [name];
  const results: Record<string, unknown> = {};
  for (const topicName of names) results[topicName] = await measure(topicName, args, asJson);
  if (asJson) console.log(JSON.stringify(name === undefined ? results : results[name], null, 2));
}

async function measure(name: string, args: readonly string[], asJson: boolean): Promise<unknown> {
  const load = TOPICS[name];
  if (load === undefined) {
    throw new RhythmdError('E_USAGE', `no topic ${name}`, `Topics: ${Object.keys(TOPICS).join(', ')}.`);
  }
  const { topic } = await load();
  console.error(`${name}: ${topic.summary}`);
  const { tables, json, file = name } = await topic.run(args, (line) => console.error(line));
  const machine = thisMachine();
  const result = { topic: name, machine, ...json };
  mkdirSync(resultsFolder, { recursive: true });
  writeFileSync(`${resultsFolder}${file}.json`, `${JSON.stringify(result, null, 2)}\n`);
  if (!asJson) {
    for (const table of tables) console.log(`\n${formatTable(table)}`);
    console.log(`\nMeasured on: ${describeMachine(machine)}.`);
  }
  return result;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(describeError(error));
  process.exitCode = error instanceof RhythmdError && error.code === 'E_USAGE' ? 2 : 1;
});
