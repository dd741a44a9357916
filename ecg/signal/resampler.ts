import { RhythmdError } from '../errors.ts';
import { isReceived, type Samples } from '../types.ts';
import { makeResamplerKernel, type ResamplerKernel } from './resampler-kernel.ts';

/** Rates are taken to this resolution, in Hz, so that their ratio is one of integers. */
const RATE_RESOLUTION_HZ = 0.001;
/** Most rows of taps kept; integer input rates to 360 Hz need 360 or fewer and are exact. */
const MAXIMUM_PHASES = 1024;
/** Rates accepted, in Hz: below, a QRS complex has no shape; above, no ECG board samples. */
const LOWEST_RATE_HZ = 50;
const HIGHEST_RATE_HZ = 16_000;
/** Output samples handed over at once, at most. */
const OUTPUT_BLOCK = 512;

/**
 * Converts a stream from its board's rate to another. Output sample k lies exactly at input instant
 * k * inputRateHz / outputRateHz: the filter's delay is waited for, not added. At the stream's ends and at
 * gaps the edge sample is held. A lost sample (NaN) is held for its neighbours' sake and comes out as NaN alone.
 * Equal rates pass through untouched.
 */
export class Resampler {
  readonly #inputRateHz: number;
  readonly #outputRateHz: number;
  /** Output k is at input position k * numerator / denominator. */
  readonly #numerator: number;
  readonly #denominator: number;
  readonly #kernel: ResamplerKernel | null;
  readonly #history: Float64Array[];
  /** 1 where the sample in the history was lost. */
  readonly #isLost: Uint8Array[];
  readonly #output: Float32Array[];
  readonly #block: { -readonly [K in keyof Samples]: Samples[K] };
  #mask = 0;
  /** Input samples [heldFrom, end) of the stretch since the last gap. */
  #heldFrom = 0;
  #end = -1;
  #nextOutput = 0;
  #lost = 0;
  #flags = 0;

  constructor(options: { inputRateHz: number; outputRateHz: number; leads: number }) {
    const { inputRateHz, outputRateHz, leads } = options;
    for (const rateHz of [inputRateHz, outputRateHz]) {
      if (!(rateHz >= LOWEST_RATE_HZ && rateHz <= HIGHEST_RATE_HZ)) {
        throw new RhythmdError(
          'E_RATE_RANGE',
          `cannot resample at ${rateHz} Hz`,
          `Rates from ${LOWEST_RATE_HZ} to ${HIGHEST_RATE_HZ} Hz are possible.`,
        );
      }
    }
    this.#inputRateHz = inputRateHz;
    this.#outputRateHz = outputRateHz;
    const input = Math.round(inputRateHz / RATE_RESOLUTION_HZ);
    const output = Math.round(outputRateHz / RATE_RESOLUTION_HZ);
    const divisor = greatestCommonDivisor(input, output);
    this.#numerator = input / divisor;
    this.#denominator = output / divisor;
    this.#kernel =
      input === output
        ? null
        : makeResamplerKernel(inputRateHz, outputRateHz, Math.min(this.#denominator, MAXIMUM_PHASES));
    let capacity = 1;
    while (capacity < 2 * (this.#kernel?.halfLength ?? 0) + 2) capacity *= 2;
    this.#mask = capacity - 1;
    this.#history = Array.from({ length: leads }, () => new Float64Array(capacity));
    this.#isLost = Array.from({ length: leads }, () => new Uint8Array(capacity));
    this.#output = Array.from({ length: leads }, () => new Float32Array(OUTPUT_BLOCK));
    this.#block = { first: 0, rateHz: outputRateHz, leads: this.#output, count: 0, flags: 0, lost: 0 };
  }

  /** Input samples that must follow an instant before its output appears. */
  get lookAhead(): number {
    return this.#kernel?.halfLength ?? 0;
  }

  /** @param onSamples is given stretches whose arrays are reused after it returns. */
  push(samples: Samples, onSamples: (samples: Samples) => void): void {
    if (this.#kernel === null) {
      onSamples(samples);
      return;
    }
    if (samples.first !== this.#end) {
      this.flush(onSamples);
      this.#startStretch(samples.first);
    }
    this.#flags |= samples.flags;
    for (let i = 0; i < samples.count; i++) {
      for (let lead = 0; lead < this.#history.length; lead++) {
        const history = this.#history[lead]!;
        const value = samples.leads[lead]![i]!;
        const isLost = !isReceived(value);
        const at = (this.#end + i) & this.#mask;
        this.#isLost[lead]![at] = isLost ? 1 : 0;
        if (this.#end + i === this.#heldFrom) history.fill(isLost ? 0 : value);
        else history[at] = isLost ? history[(at - 1) & this.#mask]! : value;
      }
      this.#emitUpTo(this.#end + i - this.#kernel.halfLength, onSamples);
    }
    this.#end += samples.count;
    this.#handOver(onSamples);
    this.#flags = samples.flags;
  }

  /** Gives out what the last input samples still owe, their last value held. */
  flush(onSamples: (samples: Samples) => void): void {
    if (this.#kernel === null || this.#end <= this.#heldFrom) return;
    const last = this.#end - 1;
    for (let i = 1; i <= this.#kernel.halfLength; i++) {
      for (let lead = 0; lead < this.#history.length; lead++) {
        for (const held of [this.#history[lead]!, this.#isLost[lead]!]) {
          held[(last + i) & this.#mask] = held[(last + i - 1) & this.#mask]!;
        }
      }
      this.#emitUpTo(last + i - this.#kernel.halfLength, onSamples);
    }
    this.#handOver(onSamples);
    this.#heldFrom = this.#end;
  }

  #startStretch(first: number): void {
    const output = Math.ceil((first * this.#denominator) / this.#numerator);
    this.#lost = this.#end < 0 ? 0 : Math.max(0, output - this.#nextOutput);
    this.#nextOutput = output;
    this.#block.first = output;
    this.#heldFrom = first;
    this.#end = first;
  }

  /** Makes every output whose instant lies at or before input sample `available`. */
  #emitUpTo(available: number, onSamples: (samples: Samples) => void): void {
    const { halfLength, phases, taps } = this.#kernel!;
    const length = 2 * halfLength;
    for (;;) {
      const product = this.#nextOutput * this.#numerator;
      const whole = Math.floor(product / this.#denominator);
      if (whole > available || (whole === available && product % this.#denominator !== 0)) return;
      const exactPhase = ((product - whole * this.#denominator) * phases) / this.#denominator;
      const phase = Math.min(phases - 1, Math.round(exactPhase));
      const from = whole - halfLength + 1;
      const at = this.#block.count;
      for (let lead = 0; lead < this.#history.length; lead++) {
        const history = this.#history[lead]!;
        let sum = 0;
        for (let j = 0, tap = phase * length; j < length; j++, tap++) {
          sum += taps[tap]! * history[(from + j) & this.#mask]!;
        }
        const nearest = whole + (exactPhase > 0.5 * phases ? 1 : 0);
        this.#output[lead]![at] = this.#isLost[lead]![nearest & this.#mask] === 1 ? Number.NaN : sum;
      }
      this.#nextOutput++;
      this.#block.count = at + 1;
      if (at + 1 === OUTPUT_BLOCK) this.#handOver(onSamples);
    }
  }

  #handOver(onSamples: (samples: Samples) => void): void {
    const block = this.#block;
    if (block.count === 0) return;
    block.flags = this.#flags;
    block.lost = this.#lost;
    onSamples(block);
    this.#lost = 0;
    block.first += block.count;
    block.count = 0;
  }

  get inputRateHz(): number {
    return this.#inputRateHz;
  }

  get outputRateHz(): number {
    return this.#outputRateHz;
  }
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
