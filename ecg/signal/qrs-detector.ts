import { type Peak, PIPELINE_RATE_HZ, type Samples } from '../types.ts';
import { QrsEnvelope } from './qrs-envelope.ts';
import { Resampler } from './resampler.ts';
import { RingBuffer } from './ring-buffer.ts';

/** Rate of the envelope, in Hz: three pipeline samples are averaged into one. */
const ENVELOPE_RATE_HZ = PIPELINE_RATE_HZ / 3;
const ms = (duration: number): number => Math.round((duration * ENVELOPE_RATE_HZ) / 1000);

/** A maximum of the envelope stands when nothing larger follows for this long (OSEA: 95 ms). */
const PEAK_HOLD = ms(100);
/** Ventricles cannot be excited again sooner (Pan and Tompkins 1985: 200 ms). */
const REFRACTORY = ms(200);
/** Within this time of a beat a weaker, slower peak is its T wave (Pan and Tompkins 1985). */
const T_WAVE_REACH = ms(360);
const T_WAVE_SHARE = 0.5;
/** The threshold lies this share of the way from the noise level to the beat level. */
const THRESHOLD_SHARE = 0.5;
/** A pause this many RR intervals long is searched again, at this share of the threshold. */
const SEARCH_BACK_RR = 1.5;
const SEARCH_BACK_SHARE = 0.4;
/** Beats and noise peaks the levels and the RR interval are medians of. */
const HISTORY = 8;
/** The levels are learned from the first peaks of this much signal, then these are judged. */
const LEARNING = ms(2000);
/** RR interval assumed before any is known. */
const INITIAL_RR = ms(850);
/** Peaks of the envelope remembered; more than fit between two beats at any rate. */
const CANDIDATES = 64;
/** The R wave is the largest deflection within this of the envelope's maximum, in pipeline samples (60 ms). */
const R_REACH = 22;

/**
 * QRS complexes in one or more leads. The leads' envelopes are added, each as a share of its own beat level;
 * peaks of the sum are judged by adaptive levels, with search-back over long pauses.
 */
export class QrsDetector {
  readonly #resampler: Resampler | null;
  readonly #envelopes: QrsEnvelope[];
  readonly #rings: RingBuffer[];
  #end = -1;
  #start = 0;
  /** Envelope samples since the start of the stretch. */
  #now = 0;
  #holdValue = 0;
  #holdAt = -1;
  readonly #candidateAt = new Int32Array(CANDIDATES);
  readonly #candidateValue = new Float32Array(CANDIDATES);
  #candidates = 0;
  readonly #beatLevels = new Float32Array(HISTORY);
  readonly #noiseLevels = new Float32Array(HISTORY);
  readonly #intervals = new Float32Array(HISTORY).fill(INITIAL_RR);
  readonly #sorted = new Float32Array(HISTORY);
  #beats = 0;
  #noises = 0;
  #beatLevel = 0;
  #noiseLevel = 0;
  #rr = INITIAL_RR;
  #lastBeat = -1;
  #lastBeatValue = 0;
  #judged = 0;
  #learned = false;

  constructor(options: { rateHz: number; leads: number }) {
    const { rateHz, leads } = options;
    this.#resampler =
      rateHz === PIPELINE_RATE_HZ
        ? null
        : new Resampler({ inputRateHz: rateHz, outputRateHz: PIPELINE_RATE_HZ, leads });
    this.#envelopes = Array.from({ length: leads }, () => new QrsEnvelope());
    this.#rings = Array.from({ length: leads }, () => new RingBuffer(PIPELINE_RATE_HZ * 8));
  }

  push(samples: Samples, onPeak: (peak: Peak) => void): void {
    if (this.#resampler !== null) {
      this.#resampler.push(samples, (resampled) => this.#push(resampled, onPeak));
    } else this.#push(samples, onPeak);
  }

  flush(onPeak: (peak: Peak) => void): void {
    this.#resampler?.flush((resampled) => this.#push(resampled, onPeak));
    this.#endStretch(onPeak);
  }

  #push(samples: Samples, onPeak: (peak: Peak) => void): void {
    if (samples.first !== this.#end) {
      this.#endStretch(onPeak);
      this.#startStretch(samples.first);
    }
    for (let i = 0; i < samples.count; i++) {
      let ready = false;
      for (let lead = 0; lead < this.#rings.length; lead++) {
        const value = samples.leads[lead]![i]!;
        this.#rings[lead]!.push(value);
        ready = this.#envelopes[lead]!.push(value);
      }
      this.#end++;
      if (ready) this.#step(onPeak);
    }
  }

  #startStretch(first: number): void {
    this.#start = first;
    this.#end = first;
    this.#now = 0;
    this.#candidates = 0;
    this.#judged = 0;
    this.#holdAt = -1;
    this.#holdValue = 0;
    this.#lastBeat = -1;
    this.#learned = false;
    for (const ring of this.#rings) ring.reset(first);
    for (const envelope of this.#envelopes) envelope.reset();
  }

  #endStretch(onPeak: (peak: Peak) => void): void {
    if (this.#end < 0) return;
    this.#closeHold();
    if (!this.#learned) this.#learn();
    this.#judge(onPeak);
  }

  #step(onPeak: (peak: Peak) => void): void {
    let value = 0;
    for (const envelope of this.#envelopes) value += envelope.value;
    const now = this.#now++;
    if (value > this.#holdValue) {
      this.#holdValue = value;
      this.#holdAt = now;
    } else if (this.#holdAt >= 0 && now - this.#holdAt >= PEAK_HOLD) {
      this.#closeHold();
      if (this.#learned) this.#judge(onPeak);
    }
    if (!this.#learned && now >= LEARNING) {
      this.#learn();
      this.#judge(onPeak);
    }
    if (
      this.#learned &&
      this.#lastBeat >= 0 &&
      now - this.#lastBeat > SEARCH_BACK_RR * this.#rr + PEAK_HOLD
    ) {
      this.#searchBack(onPeak);
    }
  }

  #closeHold(): void {
    if (this.#holdAt < 0) return;
    if (this.#candidates === CANDIDATES) {
      this.#candidateAt.copyWithin(0, 1);
      this.#candidateValue.copyWithin(0, 1);
      this.#candidates--;
      this.#judged = Math.max(0, this.#judged - 1);
    }
    this.#candidateAt[this.#candidates] = this.#holdAt;
    this.#candidateValue[this.#candidates] = this.#holdValue;
    this.#candidates++;
    this.#holdAt = -1;
    this.#holdValue = 0;
  }

  #learn(): void {
    let largest = 0;
    for (let i = 0; i < this.#candidates; i++) largest = Math.max(largest, this.#candidateValue[i]!);
    this.#beatLevels.fill(largest * 0.75);
    this.#noiseLevels.fill(largest * 0.1);
    this.#beatLevel = largest * 0.75;
    this.#noiseLevel = largest * 0.1;
    this.#learned = true;
  }

  #judge(onPeak: (peak: Peak) => void): void {
    for (; this.#judged < this.#candidates; this.#judged++) {
      const at = this.#candidateAt[this.#judged]!;
      const value = this.#candidateValue[this.#judged]!;
      const threshold = this.#noiseLevel + THRESHOLD_SHARE * (this.#beatLevel - this.#noiseLevel);
      const since = this.#lastBeat < 0 ? INITIAL_RR : at - this.#lastBeat;
      const isTWave = since < T_WAVE_REACH && value < T_WAVE_SHARE * this.#lastBeatValue;
      if (value > threshold && since >= REFRACTORY && !isTWave) this.#accept(at, value, onPeak);
      else this.#reject(value);
    }
  }

  #accept(at: number, value: number, onPeak: (peak: Peak) => void): void {
    if (this.#lastBeat >= 0) this.#intervals[this.#beats % HISTORY] = at - this.#lastBeat;
    this.#beatLevels[this.#beats % HISTORY] = value;
    this.#beats++;
    this.#beatLevel = this.#median(this.#beatLevels);
    this.#rr = this.#median(this.#intervals);
    this.#lastBeat = at;
    this.#lastBeatValue = value;
    this.#emit(at, onPeak);
  }

  #reject(value: number): void {
    this.#noiseLevels[this.#noises % HISTORY] = value;
    this.#noises++;
    this.#noiseLevel = this.#median(this.#noiseLevels);
  }

  #searchBack(onPeak: (peak: Peak) => void): void {
    const threshold =
      SEARCH_BACK_SHARE * (this.#noiseLevel + THRESHOLD_SHARE * (this.#beatLevel - this.#noiseLevel));
    let best = -1;
    for (let i = 0; i < this.#judged; i++) {
      if (this.#candidateAt[i]! < this.#lastBeat + T_WAVE_REACH) continue;
      if (best < 0 || this.#candidateValue[i]! > this.#candidateValue[best]!) best = i;
    }
    if (best < 0 || this.#candidateValue[best]! < threshold) return;
    this.#accept(this.#candidateAt[best]!, this.#candidateValue[best]!, onPeak);
  }

  #median(values: Float32Array): number {
    this.#sorted.set(values);
    this.#sorted.sort();
    return (this.#sorted[HISTORY / 2 - 1]! + this.#sorted[HISTORY / 2]!) / 2;
  }

  #emit(at: number, onPeak: (peak: Peak) => void): void {
    const centre = this.#start + 3 * at + 1 - QrsEnvelope.delay;
    const ring = this.#rings[0]!;
    const from = Math.max(ring.start, centre - R_REACH);
    const to = Math.min(ring.end - 1, centre + R_REACH);
    let mean = 0;
    for (let k = from; k <= to; k++) mean += ring.at(k);
    mean /= to - from + 1;
    let best = from;
    for (let k = from; k <= to; k++) {
      if (Math.abs(ring.at(k) - mean) > Math.abs(ring.at(best) - mean)) best = k;
    }
    onPeak({ sample: best, amplitudeMv: ring.at(best) - mean, knownAt: this.#end - 1 });
  }
}
