/**
 * Ventricular flutter or fibrillation from the waveform: no QRS, no verdicts. All of the measures of
 * waveform-features.ts must agree over `fibrillationSeconds`; the alert ends when they have disagreed for as long.
 *
 * It also looks at a lead that is called noisy: a fibrillating heart has no beats to be certain of, and what makes a
 * lead noisy for a beat detector is not what these measures take for fibrillation (docs/alerts.md: not one window in
 * hours of recorded noise).
 */
import { Episode } from './episode.ts';
import type { AlertIssuer, Evidence } from './issuer.ts';
import type { RhythmSettings } from './settings.ts';
import { WaveformFeatureExtractor, type WaveformFeatures } from './waveform-features.ts';
import { WaveformWindow } from './waveform-window.ts';

/**
 * Limits chosen on DS1 (training) records, where beating rhythms stay above 0.55 leakage and flutter below it;
 * Kuo and Dillman used 0.406 for large and 0.625 for small amplitudes.
 */
const LARGEST_LEAKAGE = 0.55;
const SMALLEST_ACTIVITY = 0.55;
const SMALLEST_BAND_SHARE = 0.7;
/** 135/min: slower than any flutter or fibrillation. */
const SLOWEST_HZ = 2.25;
/** Fine fibrillation of less than this cannot be told from asystole with noise. */
const SMALLEST_MEAN_MV = 0.03;
const STEP_SECONDS = 0.5;

export class FibrillationRule {
  readonly #episode: Episode;
  readonly #rateHz: number;
  readonly #window: WaveformWindow;
  readonly #extractor: WaveformFeatureExtractor;
  readonly #copy: Float64Array;
  readonly #windowSamples: number;
  #nextLook = 0;
  #lastSeen = Number.NEGATIVE_INFINITY;

  constructor(issuer: AlertIssuer, settings: RhythmSettings, rateHz: number) {
    this.#episode = new Episode('ventricular_fibrillation', issuer);
    this.#rateHz = rateHz;
    this.#window = new WaveformWindow(rateHz, settings.fibrillationSeconds);
    this.#extractor = new WaveformFeatureExtractor(this.#window.length, this.#window.rateHz);
    this.#copy = new Float64Array(this.#window.length);
    this.#windowSamples = settings.fibrillationSeconds * rateHz;
  }

  /** The alert is active: missing beats are explained. */
  get suspected(): boolean {
    return this.#episode.active;
  }

  /** Samples of the analysed lead, readable or noisy. */
  pushSamples(lead: Float32Array, count: number, first: number): void {
    for (let index = 0; index < count; index += 1) {
      this.#window.push(lead[index]!);
      if (first + index >= this.#nextLook) {
        this.#nextLook = first + index + STEP_SECONDS * this.#rateHz;
        if (this.#window.full) this.#look(first + index);
      }
    }
  }

  /** Samples were lost, or the lead carries no signal from `sample` on. */
  restart(sample: number): void {
    this.#window.reset();
    this.#episode.end(sample, 'The signal became unreadable', { reason: 'unreadable' });
  }

  #look(sample: number): void {
    this.#window.copyTo(this.#copy);
    const features = this.#extractor.measure(this.#copy);
    if (fibrillates(features)) {
      this.#lastSeen = sample;
      if (this.#episode.active) return;
      this.#episode.report({
        startSample: sample - this.#windowSamples,
        sample,
        text: `Fibrillating waveform at ${(60 * features.dominantHz).toFixed(0)}/min`,
        evidence: evidenceOf(features),
      });
    } else if (this.#episode.active && sample - this.#lastSeen >= this.#windowSamples) {
      this.#episode.end(sample, 'The waveform no longer fibrillates', evidenceOf(features));
    }
  }
}

function fibrillates(features: WaveformFeatures): boolean {
  return (
    features.leakage <= LARGEST_LEAKAGE &&
    features.activity >= SMALLEST_ACTIVITY &&
    features.bandShare >= SMALLEST_BAND_SHARE &&
    features.dominantHz >= SLOWEST_HZ &&
    features.meanAmplitudeMv >= SMALLEST_MEAN_MV
  );
}

function evidenceOf(features: WaveformFeatures): Evidence {
  return {
    rate_bpm: Math.round(60 * features.dominantHz),
    leakage: rounded(features.leakage),
    activity: rounded(features.activity),
    band_share: rounded(features.bandShare),
    mean_amplitude_mv: rounded(features.meanAmplitudeMv),
  };
}

function rounded(value: number): number {
  return Math.round(1000 * value) / 1000;
}
