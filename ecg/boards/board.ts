/**
 * What a board is: a declaration with a pure decoder and a pure encoder. A new board is one new file and one
 * line in `registry.ts`. Times come in from outside; nothing here reads a clock or a port.
 */
import type { Samples, StreamDescription } from '../types.ts';

export interface Board {
  /** The name on the command line and in the configuration. */
  readonly name: string;
  /** For people. */
  readonly title: string;
  /** Where the wire format was read: a firmware, a data sheet. */
  readonly source: string;
  /** Speed of the line in bits per second; null where there is none (USB CDC, network). */
  readonly baud: number | null;
  /** Nominal samples per second and lead. */
  readonly rateHz: number;
  /** The ECG leads it delivers, in order. */
  readonly leadNames: readonly string[];
  /** Nominal scale; the wire carries none unless the board's file says so. */
  readonly microvoltsPerCount: number;
  /**
   * Samples after which the stream's own count of losses starts over: 1 where nothing is counted, Infinity
   * where it can be trusted for as long as the board runs.
   */
  readonly countRange: number;
  /** `vendor:product` in lower-case hex of the USB adapters it comes with. Several boards share some. */
  readonly usbIds: readonly string[];
  /** Sent after opening, for boards that wait to be asked. */
  readonly startCommand?: Uint8Array;
  readonly stopCommand?: Uint8Array;
  /** Asks an idle board who it is; its answer ends the wait of auto-detection. */
  readonly probeCommand?: Uint8Array;
  createDecoder(options?: DecoderOptions): BoardDecoder;
  createEncoder(options?: EncoderOptions): BoardEncoder;
}

export interface DecoderOptions {
  /** In place of the declared scale (`source.microvolts_per_count`, or a calibration). */
  readonly microvoltsPerCount?: number | undefined;
  /** In place of the declared rate. */
  readonly rateHz?: number | undefined;
  /** Line speed in use: a saturated text line is its own clock. */
  readonly baud?: number | undefined;
  /**
   * How many times faster than life the stream runs (a replay; 1 when absent). Infinity: its time is not that
   * of arrival at all, and the declared rate is the only clock.
   */
  readonly speed?: number | undefined;
  /** Which of the board's channels are leads; absent: the board's own choice. */
  readonly channels?: readonly number[] | undefined;
}

export interface BoardDecoder {
  /**
   * Takes whatever arrived, cut anywhere. Calls back once per contiguous stretch; a description comes before
   * the first samples and again when it changes.
   * @param arrivalMs when the chunk was read, monotonic.
   */
  push(
    bytes: Uint8Array,
    arrivalMs: number,
    onSamples: (samples: Samples) => void,
    onDescription?: (description: StreamDescription) => void,
  ): void;
  /** The line broke: what was half received will not be completed. Indices and sequence go on. */
  lineBroke(): void;
  readonly statistics: FrameStatistics;
  /** Samples per second as they came, for boards whose samples are given a new, even spacing here. */
  readonly measuredRateHz?: number | null;
}

export interface EncoderOptions {
  readonly leadNames?: readonly string[] | undefined;
  readonly microvoltsPerCount?: number | undefined;
  /** Rate the board is set to, where it has a choice. */
  readonly rateHz?: number | undefined;
}

/** The board itself, seen from its line: bytes out for samples in, and answers to commands. */
export interface BoardEncoder {
  /** The rate it wants its samples at. */
  readonly inputRateHz: number;
  /** False until a start command, for boards that wait for one. */
  readonly streaming: boolean;
  /** What the board sends when it is switched on: a banner, a hello, nothing. */
  switchOn(): Uint8Array;
  /**
   * The frames completed by these samples (millivolts). The bytes are valid until the next call.
   * Leads the board has and the samples lack are sent as the middle of the range.
   */
  encode(samples: Samples): Uint8Array;
  /** Takes a command from the host; returns the answer, often empty. */
  command(bytes: Uint8Array): Uint8Array;
}

/** What framing saw; every number counts from the start of the stream. */
export interface FrameStatistics {
  bytes: number;
  /** Frames accepted, of any type. */
  good: number;
  badChecksum: number;
  badFooter: number;
  /** Frames or lines with a value that the board's converter cannot give. */
  outOfRange: number;
  /** Blocks longer than any frame, or with an implausible length field. */
  oversize: number;
  /** Well-formed frames or lines of no known type. */
  unknown: number;
  /** Frames received twice. */
  duplicate: number;
  /** Times framing was found again after bytes had to be thrown away. */
  resynchronised: number;
  bytesDiscarded: number;
  /** Bytes before the first frame: a banner, a menu, a boot log, half a frame. No damage. */
  bytesBefore: number;
  /** Frames missing, by sequence number or by the bytes they would have filled. */
  lost: number;
  /** Samples missing, likewise. */
  samplesLost: number;
  /** Times the board itself started again. */
  restarts: number;
}

export function newFrameStatistics(): FrameStatistics {
  return {
    bytes: 0,
    good: 0,
    badChecksum: 0,
    badFooter: 0,
    outOfRange: 0,
    oversize: 0,
    unknown: 0,
    duplicate: 0,
    resynchronised: 0,
    bytesDiscarded: 0,
    bytesBefore: 0,
    lost: 0,
    samplesLost: 0,
    restarts: 0,
  };
}

/** The first frame is here: what looked damaged before it was no frame at all. */
export function forgiveBanner(statistics: FrameStatistics): void {
  statistics.bytesBefore += statistics.bytesDiscarded;
  statistics.bytesDiscarded = 0;
  statistics.badChecksum = 0;
  statistics.badFooter = 0;
  statistics.oversize = 0;
  statistics.unknown = 0;
}

export const NO_BYTES = new Uint8Array(0);
