/** One psql that keeps a message after another; PGHOST, PGDATABASE, ... as psql reads them. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Longer than any message of ours: a strip has some 30 kB. */
const MAX_BYTES = 1_000_000;

/** As hexadecimal, nothing in it means anything to SQL. */
const literal = (bytes) => `convert_from('\\x${Buffer.from(bytes).toString('hex')}', 'UTF8')`;

const isUtf8 = (bytes) => {
  try {
    return !new TextDecoder('utf-8', { fatal: true }).decode(bytes).includes('\0');
  } catch {
    return false;
  }
};

/** @returns keeps a message of a topic (`a/b/c`), one at a time, and resolves when it is committed */
export function openDatabase() {
  const psql = spawn('psql', ['-qAtX', '-v', 'ON_ERROR_STOP=1'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting = [];
  createInterface({ input: psql.stdout }).on('line', (line) => {
    if (line === 'done') waiting.shift()?.();
  });
  psql.stdin.on('error', () => {});
  psql.on('error', (error) => {
    console.error(`psql cannot be started: ${error.message}. Install postgresql-client.`);
    process.exit(1);
  });
  // Without the database nothing is acknowledged: the service manager starts us again, and the broker sends it again.
  psql.on('exit', (status) => {
    console.error(`psql ended (${status}); what was not committed comes again`);
    process.exit(1);
  });
  return (topic, payload) =>
    new Promise((resolve) => {
      const isReadable = payload.length <= MAX_BYTES && isUtf8(payload);
      const shown = isReadable ? payload : 'not text, or too long';
      waiting.push(resolve);
      psql.stdin.write(`SELECT rhythmd.take(${literal(topic)}, ${literal(shown)});\n\\echo done\n`);
    });
}
