/** A database from PhysioNet into a folder, each file checked against the published checksums. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { CHECKSUM_FILE, type Database } from './databases.ts';
import { type FetchOptions, fetchFile, fetchText } from './fetch-file.ts';

/** PhysioNet is slow per connection and patient with a few. */
const CONNECTIONS = 4;

export interface FetchResult {
  readonly fetched: number;
  /** Already there with the right checksum. */
  readonly kept: number;
}

/**
 * @param onFile called with each file's name once it is there
 * @throws RhythmdError E_FETCH_... for the first file that cannot be had; the whole ones stay
 */
export async function fetchDatabase(
  database: Database,
  folder: string,
  options: FetchOptions,
  onFile: (name: string, done: number) => void = () => {},
): Promise<FetchResult> {
  const checksums = parseChecksums(await fetchText(database.url + CHECKSUM_FILE, options));
  for (const name of database.files) {
    if (checksums.has(name)) continue;
    throw new RhythmdError(
      'E_FETCH_CHECKSUM',
      `${database.url}${CHECKSUM_FILE} has no checksum for ${name}`,
      'The address may not be that of the database',
    );
  }
  await mkdir(folder, { recursive: true }).catch((cause: Error) => {
    throw new RhythmdError('E_FETCH_WRITE', `${folder} cannot be made: ${cause.message}`, '', { cause });
  });
  // The first failure stops the others: they end at once and leave nothing half-written.
  const failure = new AbortController();
  const inner = { ...options, signal: AbortSignal.any([options.signal, failure.signal]) };
  const waiting = [...database.files];
  let fetched = 0;
  let kept = 0;
  const work = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      inner.signal.throwIfAborted();
      const path = join(folder, name);
      const checksum = checksums.get(name) ?? '';
      if ((await checksumOfFile(path)) === checksum) kept++;
      else {
        await fetchFile(database.url + name, path, checksum, inner);
        fetched++;
      }
      onFile(name, fetched + kept);
    }
  };
  const results = await Promise.allSettled(
    Array.from({ length: CONNECTIONS }, () =>
      work().catch((error: unknown) => {
        failure.abort();
        throw error;
      }),
    ),
  );
  const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  if (errors.length > 0) throw errors.find((error) => error instanceof RhythmdError) ?? errors[0];
  const lines = database.files.map((name) => `${checksums.get(name)}  ${name}\n`);
  await writeFile(join(folder, 'SHA256SUMS'), lines.join(''));
  return { fetched, kept };
}

/** `<64 hex digits> <name>`, as sha256sum writes it. */
export function parseChecksums(text: string): Map<string, string> {
  const checksums = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const match = /^([0-9a-f]{64})\s+\*?(.+)$/.exec(line);
    if (match?.[1] && match[2]) checksums.set(match[2], match[1]);
  }
  return checksums;
}

/** null when there is no such file. */
async function checksumOfFile(path: string): Promise<string | null> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  } catch {
    return null;
  }
  return hash.digest('hex');
}
