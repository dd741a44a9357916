/** Where samples come from. A record, a simulated board and a real one look the same from here on. */
import type { FrameStatistics } from '@rhythmd/ecg/boards/board.ts';
import type { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { Samples, StreamDescription } from '@rhythmd/ecg/types.ts';

/**
 * - `opening`: the port or connection is being opened
 * - `waiting`: it could not be opened or was lost; the next try comes after a delay
 * - `listening`: open, but no frame was understood yet
 * - `streaming`: samples arrive
 * - `stalled`: open, but nothing arrives any more
 * - `ended`: the record or the input is over, or the source was stopped
 */
export type SourceState = 'opening' | 'waiting' | 'listening' | 'streaming' | 'stalled' | 'ended';

export interface SourceStatus {
  readonly state: SourceState;
  /** A sentence for people. */
  readonly text: string;
  /** Why it is not streaming, with the fix; null when nothing is wrong. */
  readonly problem: RhythmdError | null;
}

export interface SourceHandlers {
  /** Comes before the first samples, and again when it changes. */
  description(description: StreamDescription): void;
  /**
   * In the stream's own rate, gaps marked by `lost`. The arrays are reused after the call.
   * @param arrivalMs when the bytes were read, monotonic (`performance.now`)
   */
  samples(samples: Samples, arrivalMs: number): void;
  status(status: SourceStatus): void;
  /** Nothing more will come: the record is over. Not called after `stop`. */
  end(): void;
}

export interface SourceStatistics {
  readonly state: SourceState;
  readonly status: string;
  /** Samples per second by this computer's clock; null until it is known. */
  readonly measuredRateHz: number | null;
  /** How much faster the board's clock runs than ours, in parts per million; null until it is known. */
  readonly driftPpm: number | null;
  /** What framing saw; null where there are no frames (a record). */
  readonly frames: FrameStatistics | null;
  /** Interruptions of the stream, and the samples they cost, however they were noticed. */
  readonly gaps: number;
  readonly samplesLost: number;
  /** Times the port or connection was opened again. */
  readonly reconnects: number;
}

export interface Source {
  readonly url: string;
  /** A record is played, by whatever way: nobody's heart beats now. */
  readonly replay: boolean;
  /** For people: "record 233 (MLII, V1), played by the simulated native board". Complete once samples come. */
  about(): string;
  /** Returns when the source runs, not when it is connected: a missing port is waited for. */
  start(handlers: SourceHandlers): Promise<void>;
  stop(): Promise<void>;
  statistics(): SourceStatistics;
}
