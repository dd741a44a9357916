/**
 * Ventricular flutter, fibrillation and tachycardia from the waveform: whatever the quality gate says of it, since a dying
 * heart has no beats to be certain of.
 *
 * With the rhythm network: its probabilities of fibrillation and tachycardia together, as a mean of the last seconds. Which
 * of the two it is, it often cannot say, and both call for the same. Without it: the measures of waveform-features.ts, all
 * of which must agree over `fibrillationSeconds`.
 *
 * The beats have the last word. A heart that beats regularly, with beats that are alike (regular-beats.ts), does not
 * fibrillate: slower than `ventricularTachycardiaBpm` nothing is told, faster it is a tachycardia.
 */
import { Episode } from './episode.ts';
import type { AlertIssuer, Evidence } from './issuer.ts';
import type { RegularBeats } from './regular-beats.ts';
import type { RhythmEvidence } from './rhythm-evidence.ts';
import type { RhythmSettings } from './settings.ts';
import type { VentricularTachycardia } from './ventricular-tachycardia.ts';
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
/** What the network said in this time is averaged. */
const NETWORK_SECONDS = 2;
/** With a run of beats, in this. */
const RUN_SECONDS = 1;
/** Without a run of beats the network must give this much to tachycardia and fibrillation. */
const CERTAIN = 0.85;
/** Beats that were regular so long ago still are: one that was lost or came early is nothing. */
const REGULAR_SECONDS = 2;
/** An alert ends below this share of the probability that starts one. */
const END_SHARE = 0.5;

export interface FibrillationParts {
  readonly issuer: AlertIssuer;
  readonly settings: RhythmSettings;
  readonly rateHz: number;
  readonly evidence: RhythmEvidence;
  readonly regular: RegularBeats;
  readonly tachycardia: VentricularTachycardia;
}

/** What one look at the waveform says. */
interface Seen {
  readonly fibrillates: boolean;
  readonly isTachycardia: boolean;
  /** Neither, clearly. */
  readonly isOver: boolean;
  readonly text: string;
  readonly evidence: Evidence;
}

export class FibrillationRule {
  readonly #parts: FibrillationParts;
  readonly #episode: Episode;
  readonly #window: WaveformWindow;
  readonly #extractor: WaveformFeatureExtractor;
  readonly #copy: Float64Array;
  readonly #windowSamples: number;
  #bpm = 0;
  #regularAt = Number.NEGATIVE_INFINITY;
  #nextLook = 0;
  #lastSeen = Number.NEGATIVE_INFINITY;

  constructor(parts: FibrillationParts) {
    const { issuer, settings, rateHz } = parts;
    this.#parts = parts;
    this.#episode = new Episode('ventricular_fibrillation', issuer);
    this.#window = new WaveformWindow(rateHz, settings.fibrillationSeconds);
    this.#extractor = new WaveformFeatureExtractor(this.#window.length, this.#window.rateHz);
    this.#copy = new Float64Array(this.#window.length);
    this.#windowSamples = settings.fibrillationSeconds * rateHz;
  }

  /** The alert is active: missing beats are explained. */
  get suspected(): boolean {
    return this.#episode.active;
  }

  /** Samples of the analysed lead, readable or not. */
  pushSamples(lead: Float32Array, count: number, first: number): void {
    for (let index = 0; index < count; index += 1) {
      this.#window.push(lead[index]!);
      if (first + index >= this.#nextLook) {
        this.#nextLook = first + index + STEP_SECONDS * this.#parts.rateHz;
        this.#look(first + index);
      }
    }
  }

  /** Samples were lost, or the lead carries no signal: an alert stays until a waveform says otherwise. */
  restart(): void {
    this.#window.reset();
  }

  #look(sample: number): void {
    const seen = this.#parts.evidence.isKnown(sample) ? this.#byNetwork(sample) : this.#byMeasures(sample);
    if (seen === null) return;
    const { startSample, text, evidence } = {
      startSample: Math.max(0, sample - this.#windowSamples),
      ...seen,
    };
    if (seen.isTachycardia) {
      if (this.#parts.tachycardia.active) this.#parts.tachycardia.goesOn(sample);
      else if (!this.#episode.active)
        this.#parts.tachycardia.occurred({ startSample, sample, text, evidence });
    }
    if (seen.fibrillates || (seen.isTachycardia && this.#episode.active)) this.#lastSeen = sample;
    if (seen.fibrillates) {
      if (!this.#episode.active) this.#episode.report({ startSample, sample, text, evidence });
    } else if (this.#episode.active && seen.isOver && sample - this.#lastSeen >= this.#windowSamples) {
      this.#episode.end(sample, 'The waveform no longer fibrillates', evidence);
    }
  }

  #byNetwork(sample: number): Seen {
    const { evidence, regular, settings } = this.#parts;
    const fibrillation = evidence.mean('fibrillation', NETWORK_SECONDS);
    const tachycardia = evidence.mean('tachycardia', NETWORK_SECONDS);
    const together = fibrillation + tachycardia;
    const bpm = this.#regularBpm(sample);
    const runBpm = regular.runBpm(sample);
    const isFast = bpm === null || (regular.areAlike && bpm >= settings.ventricularTachycardiaBpm);
    const fibrillates =
      together >= settings.fibrillationProbability && bpm === null && fibrillation >= tachycardia;
    // A run of fast beats that are alike is half of the evidence; without one the network must be certain.
    const isRun = runBpm !== null && runBpm >= settings.ventricularTachycardiaBpm && !regular.isRunUsual;
    const needed = isRun ? settings.tachycardiaProbability : CERTAIN;
    const latest = evidence.mean('fibrillation', RUN_SECONDS) + evidence.mean('tachycardia', RUN_SECONDS);
    const isTachycardia = isFast && !fibrillates && (isRun ? latest : together) >= needed;
    const rate = bpm === null ? '' : ` at ${bpm.toFixed(0)}/min`;
    return {
      fibrillates,
      isTachycardia,
      isOver: together < END_SHARE * settings.fibrillationProbability || (bpm !== null && !isFast),
      text: fibrillates ? 'Fibrillating waveform' : `Waveform of ventricular tachycardia${rate}`,
      evidence: {
        rate_bpm: bpm === null ? null : Math.round(bpm),
        fibrillation: rounded(fibrillation),
        tachycardia: rounded(tachycardia),
        seen_by: 'network',
      },
    };
  }

  /** The rate of regular beats now or a moment ago: the waveform that is looked at is that of the last seconds. */
  #regularBpm(sample: number): number | null {
    const bpm = this.#parts.regular.bpm(sample);
    if (bpm !== null) {
      this.#bpm = bpm;
      this.#regularAt = sample;
    }
    return sample - this.#regularAt <= REGULAR_SECONDS * this.#parts.rateHz ? this.#bpm : null;
  }

  /** null while the window fills. */
  #byMeasures(sample: number): Seen | null {
    if (!this.#window.full) return null;
    this.#window.copyTo(this.#copy);
    const features = this.#extractor.measure(this.#copy);
    const looks = fibrillates(features);
    const bpm = this.#regularBpm(sample);
    const isFast =
      bpm !== null && this.#parts.regular.areAlike && bpm >= this.#parts.settings.ventricularTachycardiaBpm;
    return {
      fibrillates: looks && bpm === null,
      isTachycardia: looks && isFast,
      isOver: !looks || (bpm !== null && !isFast),
      text: `Fibrillating waveform at ${(60 * features.dominantHz).toFixed(0)}/min`,
      evidence: { ...evidenceOf(features), seen_by: 'measures' },
    };
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
