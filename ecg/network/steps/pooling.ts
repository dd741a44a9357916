/** Windows of bytes to one byte each: the largest, the mean, and the mean of a whole channel. */
import { roundToEven } from '../arithmetic.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Step } from '../plan.ts';
import type { Limits } from '../values.ts';

/** Channels lie side by side, pixel after pixel. */
export interface PoolOptions {
  readonly input: number;
  readonly output: number;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly outputHeight: number;
  readonly outputWidth: number;
  readonly kernel: readonly [height: number, width: number];
  readonly stride: readonly [down: number, right: number];
  /** Above and to the left. */
  readonly pads: readonly [above: number, left: number];
}

abstract class Pool implements Step {
  protected readonly bytes: Uint8Array;
  protected readonly options: PoolOptions;

  constructor({ memory }: Kernel, options: PoolOptions) {
    this.bytes = memory.bytes;
    this.options = options;
  }

  run(): void {
    const { output, channels, height, width, outputHeight, outputWidth, kernel, stride, pads } = this.options;
    let at = output;
    for (let y = 0; y < outputHeight; y++) {
      const top = y * stride[0] - pads[0];
      for (let x = 0; x < outputWidth; x++) {
        const left = x * stride[1] - pads[1];
        for (let channel = 0; channel < channels; channel++) {
          this.bytes[at++] = this.window(
            channel,
            Math.max(0, top),
            Math.min(height, top + kernel[0]),
            Math.max(0, left),
            Math.min(width, left + kernel[1]),
          );
        }
      }
    }
  }

  /** The byte of one window: rows `top` to before `bottom`, columns `left` to before `right`. */
  protected abstract window(
    channel: number,
    top: number,
    bottom: number,
    left: number,
    right: number,
  ): number;
}

export class MaxPool extends Pool {
  protected override window(
    channel: number,
    top: number,
    bottom: number,
    left: number,
    right: number,
  ): number {
    const { input, channels, width } = this.options;
    let largest = 0;
    for (let y = top; y < bottom; y++)
      for (let x = left; x < right; x++) {
        const byte = this.bytes[input + (y * width + x) * channels + channel]!;
        if (byte > largest) largest = byte;
      }
    return largest;
  }
}

export interface Averaging {
  /** What each byte stands for. */
  readonly values: Float32Array;
  readonly scale: number;
  readonly zeroPoint: number;
  readonly limits: Limits;
  readonly countsPadding: boolean;
}

/** Floats added one after the other, row by row, as onnxruntime does where it averages bytes. */
export class AveragePool extends Pool {
  readonly #averaging: Averaging;

  constructor(kernel: Kernel, options: PoolOptions, averaging: Averaging) {
    super(kernel, options);
    this.#averaging = averaging;
  }

  protected override window(
    channel: number,
    top: number,
    bottom: number,
    left: number,
    right: number,
  ): number {
    const { input, channels, width, kernel } = this.options;
    const { values, scale, zeroPoint, limits, countsPadding } = this.#averaging;
    let sum = 0;
    for (let y = top; y < bottom; y++)
      for (let x = left; x < right; x++)
        sum = Math.fround(sum + values[this.bytes[input + (y * width + x) * channels + channel]!]!);
    const count = countsPadding ? kernel[0] * kernel[1] : (bottom - top) * (right - left);
    const mean = Math.fround(sum / count);
    const level = roundToEven(Math.fround(Math.fround(mean / scale) + zeroPoint));
    return Math.max(limits.lowest, Math.min(limits.highest, level));
  }
}

export interface GlobalAverageOptions {
  readonly input: number;
  readonly output: number;
  readonly channels: number;
  readonly pixels: number;
  readonly inputZeroPoint: number;
  /** A sum of levels to levels of the output. */
  readonly factor: number;
  readonly zeroPoint: number;
  readonly limits: Limits;
}

/** Whole numbers added, scaled once. */
export class GlobalAverage implements Step {
  readonly #bytes: Uint8Array;
  readonly #options: GlobalAverageOptions;

  constructor({ memory }: Kernel, options: GlobalAverageOptions) {
    this.#bytes = memory.bytes;
    this.#options = options;
  }

  run(): void {
    const { input, output, channels, pixels, inputZeroPoint, factor, zeroPoint, limits } = this.#options;
    for (let channel = 0; channel < channels; channel++) {
      let sum = -inputZeroPoint * pixels;
      for (let pixel = 0; pixel < pixels; pixel++) sum += this.#bytes[input + pixel * channels + channel]!;
      const level = roundToEven(Math.fround(Math.fround(sum) * factor)) + zeroPoint;
      this.#bytes[output + channel] = Math.max(limits.lowest, Math.min(limits.highest, level));
    }
  }
}
