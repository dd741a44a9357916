/**
 * The two loops that take nearly all of a network's time, in forms that agree to the bit: TypeScript, and WebAssembly where
 * it may be compiled, with vectors where the processor has them. Everything they read and write lies in one memory, so that a step is an address.
 */

export interface Memory {
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
  readonly floats: Float32Array;
}

export interface Kernel {
  readonly name: 'typescript' | 'webassembly' | 'webassembly-simd';
  readonly memory: Memory;
  /** @param at address of a step's words, laid out as STEP says */
  convolve(at: number): void;
  /** The same for one channel in, one channel out: weights as bytes, a tap after the other, channels side by side. */
  convolveDepthwise(at: number): void;
}

/**
 * Words of a convolution. A window is some segments of bytes that lie side by side, each a whole number of 32-bit words long:
 * what lies beyond its end meets weights that stand for zero. Weights are unsigned bytes: for each four channels, for each
 * word of the window, a word of each of the four channels.
 *
 *   sum = bias + SUM x * w - zero point of the weights * SUM x
 *
 * where the bias holds what the zero point of the input takes off. Times a factor, rounded to even, plus a zero point.
 */
export const STEP = {
  INPUT: 0,
  OUTPUT: 1,
  WEIGHTS: 2,
  /** Address of the segments' offsets from the first byte of a window. */
  OFFSETS: 3,
  /** Address of what each four channels need: four biases, four zero points of weights, four factors. */
  CHANNELS: 4,
  ROWS: 5,
  PIXELS: 6,
  ROW_STEP: 7,
  PIXEL_STEP: 8,
  SEGMENTS: 9,
  /** Words of a segment; of a depthwise convolution nothing. */
  SEGMENT_WORDS: 10,
  OUTPUT_CHANNELS: 11,
  ZERO_POINT: 12,
  /** The range that an activation leaves, in levels. */
  LOWEST: 13,
  HIGHEST: 14,
  /** 1: the output is floats, sums times factors; 0: bytes. */
  IS_FLOAT: 15,
} as const;

export const STEP_WORDS = 16;

/** Channels that a pass computes together, and 32-bit words that say what they need. */
export const CHANNELS_AT_ONCE = 4;
export const CHANNEL_WORDS = 3 * CHANNELS_AT_ONCE;

/** Bytes that a kernel may read beyond the last segment. */
export const READ_BEYOND = 4;
