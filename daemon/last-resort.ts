/**
 * What is done about an error that nobody caught: it can have left anything half done, so the process ends. But what
 * waits to be written is written first, one line says what happened, and the status makes the service manager start
 * the daemon again.
 */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';

/** How long saving may take. */
const SAVE_WITHIN_MS = 5000;
/** Where it happened, and who called. */
const SHOWN_FRAMES = 3;

export interface LastResort {
  /** Writes what is in memory only. */
  readonly save: () => Promise<void>;
  /** One line. */
  readonly say: (line: string) => void;
  /** Ends the process. */
  readonly end: () => void;
}

/** @returns takes it away again */
export function armLastResort({ save, say, end }: LastResort): () => void {
  let isEnding = false;
  const onError = (error: unknown) => {
    // What fails while we save is a consequence: the first one is told.
    if (isEnding) return;
    isEnding = true;
    say(`${describeUncaught(error)}. What waited is saved, and the daemon ends to be started again`);
    // Kept alive until then, whatever else there is.
    setTimeout(end, SAVE_WITHIN_MS);
    void save().then(end, end);
  };
  process.on('uncaughtException', onError);
  return () => process.off('uncaughtException', onError);
}

function describeUncaught(error: unknown): string {
  if (error instanceof RhythmdError) return `${error.code}: ${error.message}`;
  if (!(error instanceof Error)) return `E_UNEXPECTED: ${String(error)}`;
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const where = frames.slice(0, SHOWN_FRAMES).map((line) => line.trim());
  return `E_UNEXPECTED: ${error.message.split('\n')[0]} ${where.join(' ')}`.trim();
}
