/** One file over HTTP, under its name only when it is whole and has the right checksum. */
import { createHash } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';

/** No file of these databases comes near it; a server that sends more sends something else. */
const MAX_FILE_BYTES = 32 * 1024 * 1024;
/** A server that says nothing for so long is gone. */
const STALL_MS = 30_000;
const ATTEMPTS = 3;
const RETRY_AFTER_MS = 1000;

export interface FetchOptions {
  readonly signal: AbortSignal;
  readonly stallMs?: number;
  readonly retryAfterMs?: number;
}

/**
 * Downloads to `<path>.part` and renames. Whatever goes wrong, `path` is as it was and the part is gone.
 * @throws RhythmdError E_FETCH_STATUS, E_FETCH_CHECKSUM, E_FETCH_NETWORK, E_FETCH_SIZE, E_FETCH_WRITE
 */
export async function fetchFile(
  url: string,
  path: string,
  sha256: string,
  options: FetchOptions,
): Promise<void> {
  const part = `${path}.part`;
  try {
    await retrying(options, async () => {
      const found = await download(url, part, options);
      if (found !== sha256) {
        throw new RhythmdError(
          'E_FETCH_CHECKSUM',
          `${url} has checksum ${found}, the database says ${sha256}`,
          'Try again; if it stays so, the copy on the server or on the way is damaged',
        );
      }
    });
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

/** A small text, such as the list of checksums. @throws RhythmdError as fetchFile */
export function fetchText(url: string, options: FetchOptions): Promise<string> {
  return retrying(options, async () => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of bodyOf(url, options)) chunks.push(chunk);
    return Buffer.concat(chunks).toString('utf8');
  });
}

/** @returns the checksum of what came */
async function download(url: string, part: string, options: FetchOptions): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(part, 'w').catch((cause: Error) => {
    throw new RhythmdError('E_FETCH_WRITE', `${part} cannot be written: ${cause.message}`, '', { cause });
  });
  try {
    for await (const chunk of bodyOf(url, options)) {
      hash.update(chunk);
      await file.writeFile(chunk);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return hash.digest('hex');
}

async function* bodyOf(
  url: string,
  { signal, stallMs = STALL_MS }: FetchOptions,
): AsyncGenerator<Uint8Array> {
  // One controller for both reasons to end, so that silence is bounded by nothing but this timer.
  const end = new AbortController();
  const interrupt = () => end.abort(signal.reason);
  if (signal.aborted) interrupt();
  signal.addEventListener('abort', interrupt, { once: true });
  const restart = () =>
    setTimeout(() => end.abort(new Error(`nothing came for ${stallMs / 1000} s`)), stallMs);
  let timer = restart();
  try {
    const response = await fetch(url, { signal: end.signal });
    if (!response.ok || response.body === null) {
      throw new RhythmdError(
        'E_FETCH_STATUS',
        `${url} answered ${response.status} ${response.statusText}`.trim(),
      );
    }
    let bytes = 0;
    for await (const chunk of response.body) {
      clearTimeout(timer);
      timer = restart();
      bytes += chunk.length;
      if (bytes > MAX_FILE_BYTES)
        throw new RhythmdError('E_FETCH_SIZE', `${url} is over ${MAX_FILE_BYTES} bytes`);
      yield chunk;
    }
  } catch (cause) {
    if (cause instanceof RhythmdError || signal.aborted) throw cause;
    // fetch hides the reason ("fetch failed") in its cause.
    const reason =
      cause instanceof Error ? ((cause.cause as Error | undefined)?.message ?? cause.message) : cause;
    throw new RhythmdError(
      'E_FETCH_NETWORK',
      `${url}: ${reason}`,
      'Check the connection and start again: files that are whole are kept',
      { cause },
    );
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', interrupt);
    // What is left of an answer that nobody reads goes with its connection: nothing waits for its cancellation.
    end.abort();
  }
}

async function retrying<Result>(
  { signal, retryAfterMs = RETRY_AFTER_MS }: FetchOptions,
  attempt: () => Promise<Result>,
): Promise<Result> {
  for (let count = 1; ; count++) {
    try {
      return await attempt();
    } catch (error) {
      const isPassing = error instanceof RhythmdError && error.code === 'E_FETCH_NETWORK';
      if (signal.aborted || !isPassing || count === ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, retryAfterMs * count));
    }
  }
}
