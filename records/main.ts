/** The program behind `npm run records`. */
import { runRecords } from './cli.ts';

const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interruption.abort());
process.stdout.on('error', () => process.exit(0));

process.exitCode = await runRecords(process.argv.slice(2), {
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
  signal: interruption.signal,
});
