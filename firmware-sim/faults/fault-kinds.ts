/** What can go wrong, with the parameters each kind takes. The one table behind parsing and documentation. */

export interface Parameter {
  readonly default: number | string;
  /** Of a number. */
  readonly min?: number;
  readonly max?: number;
  /** Of a word. */
  readonly options?: readonly string[];
  readonly doc: string;
}

const SHARE: Parameter = { default: 0.001, min: 0, max: 1, doc: 'share of bytes at which it happens' };
const RUN: Parameter = { default: 1, min: 1, max: 4096, doc: 'bytes each time, at most' };

export const FAULT_KINDS = {
  drop: { doc: 'bytes are missing', parameters: { share: SHARE, bytes: RUN } },
  flip: { doc: 'a bit is the other way round', parameters: { share: SHARE } },
  duplicate: { doc: 'bytes come twice', parameters: { share: SHARE, bytes: RUN } },
  insert: { doc: 'random bytes come in between', parameters: { share: SHARE, bytes: RUN } },
  burst: {
    doc: 'bytes are held back and come together',
    parameters: { hold_ms: { default: 200, min: 1, max: 10_000, doc: 'for how long' } },
  },
  jitter: {
    doc: 'bytes are late, each time differently',
    parameters: { ms: { default: 50, min: 1, max: 10_000, doc: 'at most' } },
  },
  drift: {
    doc: 'the board’s clock runs fast (slow, when negative)',
    parameters: { ppm: { default: 200, min: -20_000, max: 20_000, doc: 'parts per million' } },
  },
  'lead-off': {
    doc: 'an electrode has no contact',
    parameters: {
      electrode: { default: 'plus', options: ['plus', 'minus', 'reference'], doc: 'which one' },
    },
  },
  saturation: {
    doc: 'the amplifier is driven to its limit',
    parameters: { mv: { default: 1000, min: -10_000, max: 10_000, doc: 'offset in millivolts' } },
  },
  hum: {
    doc: 'mains hum',
    parameters: {
      mv: { default: 0.2, min: 0, max: 100, doc: 'amplitude in millivolts' },
      hz: { default: 50, min: 1, max: 400, doc: 'frequency' },
    },
  },
  noise: {
    doc: 'recorded noise of the noise stress test database, by its recipe',
    parameters: {
      snr_db: { default: 6, min: -20, max: 60, doc: 'signal-to-noise ratio' },
      record: { default: 'em', options: ['em', 'ma', 'bw'], doc: 'electrode motion, muscle, baseline' },
    },
  },
  stall: { doc: 'nothing comes although the line is open', parameters: {} },
  unplug: { doc: 'the line is gone, then there again; the board starts anew', parameters: {} },
  reboot: { doc: 'the board starts again in the middle of a frame', parameters: {} },
  'wrong-baud': {
    doc: 'the reader’s line speed is not the board’s',
    parameters: {
      sent: { default: 57_600, min: 300, max: 4_000_000, doc: 'baud of the board' },
      read: { default: 115_200, min: 300, max: 4_000_000, doc: 'baud of the reader' },
    },
  },
} as const satisfies Record<string, { doc: string; parameters: Record<string, Parameter> }>;

export type FaultKind = keyof typeof FAULT_KINDS;

/** One entry of a script. Seconds of the stream, whatever its speed. */
export interface Fault {
  readonly kind: FaultKind;
  readonly atS: number;
  readonly forS: number;
  /** Comes again this often; null: once. */
  readonly everyS: number | null;
  readonly parameters: Readonly<Record<string, number | string>>;
}
