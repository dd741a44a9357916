/** A convolution or dense layer as the words, weights and channels that the kernel reads. */
import type { Levels } from '../arithmetic.ts';
import { CHANNEL_WORDS, CHANNELS_AT_ONCE, READ_BEYOND, STEP, STEP_WORDS } from '../kernel/kernel.ts';
import type { Plan } from '../plan.ts';
import { Convolve } from '../steps/convolve.ts';
import type { Limits, PendingBase } from '../values.ts';
import { type Compiling, pending } from './operator.ts';
import { type ByteWeights, biasOf } from './weights.ts';

export interface Window {
  /** Address of the first byte of the first window. */
  readonly input: number;
  /** Offsets of runs of bytes from a window's first. */
  readonly segments: readonly number[];
  readonly segmentBytes: number;
  readonly rows: number;
  readonly rowStep: number;
  readonly pixels: number;
  readonly pixelStep: number;
}

export interface Sums {
  readonly window: Window;
  /** In the order of the window's bytes; of a depthwise convolution all taps of a channel. */
  readonly weights: ByteWeights;
  readonly isDepthwise: boolean;
  /** How the input's bytes are read. */
  readonly levels: Levels;
}

/** Sums are planned when it is known what becomes of them. */
export function plannedSums(compiling: Compiling, sums: Sums): PendingBase {
  const { plan } = compiling;
  const bias = biasOf(compiling, sums.weights.outputs);
  const plain = sums.weights.scales.map((scale) => sums.levels.scale * scale);
  return pending(
    compiling.name,
    ({ scale, zeroPoint }, limits) => {
      const factors = plain.map((factor) => factor / scale);
      return planned(plan, sums, bias, factors, { zeroPoint, limits });
    },
    () => planned(plan, sums, bias, plain, null),
  );
}

/** @param bytes null: floats are left */
function planned(
  plan: Plan,
  { window, weights, isDepthwise, levels }: Sums,
  bias: Int32Array,
  factors: Float32Array,
  bytes: { readonly zeroPoint: number; readonly limits: Limits } | null,
): number {
  const { outputs } = weights;
  const count = window.rows * window.pixels * outputs;
  const output = plan.allocate((bytes === null ? 4 * count : count) + READ_BEYOND);
  const words = new Int32Array(STEP_WORDS);
  words[STEP.INPUT] = window.input;
  words[STEP.OUTPUT] = output;
  words[STEP.WEIGHTS] = plan.place(isDepthwise ? tapsOutside(weights) : inFours(weights, window));
  words[STEP.OFFSETS] = plan.place(Int32Array.from(window.segments));
  words[STEP.CHANNELS] = plan.place(channelsOf(weights, bias, factors, levels.zeroPoint));
  words[STEP.ROWS] = window.rows;
  words[STEP.PIXELS] = window.pixels;
  words[STEP.ROW_STEP] = window.rowStep;
  words[STEP.PIXEL_STEP] = window.pixelStep;
  words[STEP.SEGMENTS] = window.segments.length;
  words[STEP.SEGMENT_WORDS] = wordsOf(window.segmentBytes);
  words[STEP.OUTPUT_CHANNELS] = outputs;
  words[STEP.ZERO_POINT] = bytes?.zeroPoint ?? 0;
  words[STEP.LOWEST] = bytes?.limits.lowest ?? 0;
  words[STEP.HIGHEST] = bytes?.limits.highest ?? 0;
  words[STEP.IS_FLOAT] = bytes === null ? 1 : 0;
  const at = plan.place(words);
  plan.add((kernel) => new Convolve(kernel, at, isDepthwise));
  return output;
}

function wordsOf(bytes: number): number {
  return (bytes + 3) >> 2;
}

/** For each four channels, for each word of the window: a word of each channel. What is beyond stands for zero. */
function inFours(
  { outputs, values, zeroPoints }: ByteWeights,
  { segments, segmentBytes }: Window,
): Uint8Array {
  const words = wordsOf(segmentBytes);
  const rowWords = segments.length * words;
  const blocks = Math.ceil(outputs / CHANNELS_AT_ONCE);
  const result = new Uint8Array(blocks * rowWords * 4 * CHANNELS_AT_ONCE);
  for (let output = 0; output < outputs; output++) {
    const row = output * segments.length * segmentBytes;
    const block = Math.floor(output / CHANNELS_AT_ONCE) * rowWords;
    const channel = output % CHANNELS_AT_ONCE;
    for (let segment = 0; segment < segments.length; segment++)
      for (let i = 0; i < 4 * words; i++) {
        const word = (block + segment * words + (i >> 2)) * CHANNELS_AT_ONCE + channel;
        const isWeight = i < segmentBytes;
        result[4 * word + (i & 3)] = isWeight
          ? values[row + segment * segmentBytes + i]!
          : zeroPoints[output]!;
      }
  }
  return result;
}

/** One row of channels a tap, a whole number of words long. */
function tapsOutside({ outputs, values }: ByteWeights): Uint8Array {
  const taps = values.length / outputs;
  const width = 4 * wordsOf(outputs);
  const result = new Uint8Array(taps * width);
  for (let channel = 0; channel < outputs; channel++)
    for (let tap = 0; tap < taps; tap++) result[tap * width + channel] = values[channel * taps + tap]!;
  return result;
}

/** Bias less what the zero point of the input adds to each sum, zero point of the weights, factor. */
function channelsOf(
  { outputs, values, zeroPoints }: ByteWeights,
  bias: Int32Array,
  factors: Float32Array,
  inputZeroPoint: number,
): Int32Array {
  const depth = values.length / outputs;
  const blocks = Math.ceil(outputs / CHANNELS_AT_ONCE);
  const words = new Int32Array(blocks * CHANNEL_WORDS);
  const floats = new Float32Array(words.buffer);
  for (let output = 0; output < outputs; output++) {
    let sum = -zeroPoints[output]! * depth;
    for (let i = 0; i < depth; i++) sum += values[output * depth + i]!;
    const at = Math.floor(output / CHANNELS_AT_ONCE) * CHANNEL_WORDS + (output % CHANNELS_AT_ONCE);
    words[at] = bias[output]! - inputZeroPoint * sum;
    words[at + CHANNELS_AT_ONCE] = zeroPoints[output]!;
    floats[at + 2 * CHANNELS_AT_ONCE] = factors[output]!;
  }
  return words;
}
