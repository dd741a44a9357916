/** The kernel where WebAssembly may not be compiled, and the one that the other is compared with. */
import { CHANNEL_WORDS, CHANNELS_AT_ONCE, type Kernel, type Memory, STEP } from './kernel.ts';

/** A float of magnitude below 2^22 plus this is a float whose last bits are that number, rounded to even. */
const ROUNDS_FLOATS = 12582912;

export class TypeScriptKernel implements Kernel {
  readonly name = 'typescript';
  readonly memory: Memory;
  /** Biases, zero points of weights and sums of the four channels at work. */
  readonly #sums = new Int32Array(CHANNELS_AT_ONCE);

  /** @param size bytes; a multiple of four */
  constructor(size: number) {
    const buffer = new ArrayBuffer(size);
    this.memory = {
      bytes: new Uint8Array(buffer),
      words: new Int32Array(buffer),
      floats: new Float32Array(buffer),
    };
  }

  convolve(at: number): void {
    const { words } = this.memory;
    const step = at >> 2;
    const rows = words[step + STEP.ROWS]!;
    const pixels = words[step + STEP.PIXELS]!;
    const pixelStep = words[step + STEP.PIXEL_STEP]!;
    let output = words[step + STEP.OUTPUT]!;
    const size = words[step + STEP.OUTPUT_CHANNELS]! << (words[step + STEP.IS_FLOAT]! << 1);
    for (let row = 0; row < rows; row++) {
      let input = words[step + STEP.INPUT]! + row * words[step + STEP.ROW_STEP]!;
      for (let pixel = 0; pixel < pixels; pixel++) {
        this.#convolvePixel(step, input, output);
        input += pixelStep;
        output += size;
      }
    }
  }

  #convolvePixel(step: number, input: number, output: number): void {
    const { bytes, words } = this.memory;
    const segments = words[step + STEP.SEGMENTS]!;
    const segmentWords = words[step + STEP.SEGMENT_WORDS]!;
    const offsets = words[step + STEP.OFFSETS]! >> 2;
    const channels = words[step + STEP.OUTPUT_CHANNELS]!;
    const windowSum = this.#windowSum(step, input);
    let weights = words[step + STEP.WEIGHTS]!;
    let channel = words[step + STEP.CHANNELS]! >> 2;
    for (let first = 0; first < channels; first += CHANNELS_AT_ONCE) {
      let sum0 = words[channel]! - Math.imul(words[channel + 4]!, windowSum);
      let sum1 = words[channel + 1]! - Math.imul(words[channel + 5]!, windowSum);
      let sum2 = words[channel + 2]! - Math.imul(words[channel + 6]!, windowSum);
      let sum3 = words[channel + 3]! - Math.imul(words[channel + 7]!, windowSum);
      for (let segment = 0; segment < segments; segment++) {
        let x = input + words[offsets + segment]!;
        for (let word = 0; word < segmentWords; word++) {
          for (let i = 0; i < 4; i++) {
            const value = bytes[x + i]!;
            sum0 = (sum0 + value * bytes[weights + i]!) | 0;
            sum1 = (sum1 + value * bytes[weights + 4 + i]!) | 0;
            sum2 = (sum2 + value * bytes[weights + 8 + i]!) | 0;
            sum3 = (sum3 + value * bytes[weights + 12 + i]!) | 0;
          }
          x += 4;
          weights += 16;
        }
      }
      this.#sums[0] = sum0;
      this.#sums[1] = sum1;
      this.#sums[2] = sum2;
      this.#sums[3] = sum3;
      const count = Math.min(CHANNELS_AT_ONCE, channels - first);
      this.#store(step, channel, first, count, output);
      channel += CHANNEL_WORDS;
    }
  }

  #windowSum(step: number, input: number): number {
    const { bytes, words } = this.memory;
    const offsets = words[step + STEP.OFFSETS]! >> 2;
    const length = words[step + STEP.SEGMENT_WORDS]! << 2;
    let sum = 0;
    for (let segment = 0; segment < words[step + STEP.SEGMENTS]!; segment++) {
      const x = input + words[offsets + segment]!;
      for (let i = 0; i < length; i++) sum += bytes[x + i]!;
    }
    return sum;
  }

  convolveDepthwise(at: number): void {
    const { words } = this.memory;
    const step = at >> 2;
    const channels = words[step + STEP.OUTPUT_CHANNELS]!;
    let output = words[step + STEP.OUTPUT]!;
    for (let row = 0; row < words[step + STEP.ROWS]!; row++) {
      let input = words[step + STEP.INPUT]! + row * words[step + STEP.ROW_STEP]!;
      for (let pixel = 0; pixel < words[step + STEP.PIXELS]!; pixel++) {
        this.#depthwisePixel(step, input, output);
        input += words[step + STEP.PIXEL_STEP]!;
        output += channels;
      }
    }
  }

  #depthwisePixel(step: number, input: number, output: number): void {
    const { bytes, words } = this.memory;
    const channels = words[step + STEP.OUTPUT_CHANNELS]!;
    const taps = words[step + STEP.SEGMENTS]!;
    const offsets = words[step + STEP.OFFSETS]! >> 2;
    /** Rows of weights are a whole number of words long. */
    const width = (channels + 3) & ~3;
    let channel = words[step + STEP.CHANNELS]! >> 2;
    for (let first = 0; first < channels; first += CHANNELS_AT_ONCE) {
      const count = Math.min(CHANNELS_AT_ONCE, channels - first);
      for (let k = 0; k < count; k++) {
        const zeroPoint = words[channel + 4 + k]!;
        let weights = words[step + STEP.WEIGHTS]! + first + k;
        let sum = words[channel + k]!;
        for (let tap = 0; tap < taps; tap++) {
          const value = bytes[input + words[offsets + tap]! + first + k]!;
          sum = (sum + value * (bytes[weights]! - zeroPoint)) | 0;
          weights += width;
        }
        this.#sums[k] = sum;
      }
      this.#store(step, channel, first, count, output);
      channel += CHANNEL_WORDS;
    }
  }

  /** Sums of up to four channels to what the next layer reads. */
  #store(step: number, channel: number, first: number, count: number, output: number): void {
    const { bytes, words, floats } = this.memory;
    const zeroPoint = words[step + STEP.ZERO_POINT]!;
    const lowest = words[step + STEP.LOWEST]! - zeroPoint;
    const highest = words[step + STEP.HIGHEST]! - zeroPoint;
    for (let k = 0; k < count; k++) {
      const scaled = Math.fround(Math.fround(this.#sums[k]!) * floats[channel + 8 + k]!);
      if (words[step + STEP.IS_FLOAT] === 1) {
        floats[(output >> 2) + first + k] = scaled;
        continue;
      }
      const above = scaled > lowest ? scaled : lowest;
      const within = above < highest ? above : highest;
      bytes[output + first + k] = Math.fround(within + ROUNDS_FLOATS) - ROUNDS_FLOATS + zeroPoint;
    }
  }
}
