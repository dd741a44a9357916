/**
 * Ventricular flutter, fibrillation and tachycardia from the waveform: whatever the quality gate says of it, since a dying
 * heart has no beats to be certain of.
 *
 * With the rhythm network: its probabilities of fibrillation and tachycardia together, as a mean of the last seconds. Which
 * of the two it is, it often cannot say, and both call for the same. Without it: the measures of waveform-features.ts, all
 * of which must agree over `fibrillationSeconds`.
 *
 * The beats have the last word. A heart that beats regularly, with beats that are alike (regular-beats.ts), does not
 * fibrillate: slower than `ventricularTachycardiaBpm` nothing is told, faster it is a tachycardia. Nor does one whose beats
 * stand out of the rest (beat-contrast.ts), however irregular; nor a lead that stands still (stillness.ts).
 */
import type { BeatContrast } from './beat-contrast.ts';
import { Episode } from './episode.ts';
import { looksLikeFlutter } from './flutter-measures.ts';
import type { AlertIssuer, Evidence } from './issuer.ts';
import type { Readability } from './readability.ts';
import type { RegularBeats } from './regular-beats.ts';
import type { RhythmEvidence } from './rhythm-evidence.ts';
import type { RhythmSettings } from './settings.ts';
import { Stillness } from './stillness.ts';
import type { VentricularTachycardia } from './ventricular-tachycardia.ts';
import { waveBpm } from './wave-rate.ts';
import { WaveformFeatureExtractor, type WaveformFeatures } from './waveform-features.ts';
import { WaveformWindow } from './waveform-window.ts';

const STEP_SECONDS = 0.5;
/** What the network said in this time is averaged. */
const NETWORK_SECONDS = 3;
/** With a run of beats, in this. */
const RUN_SECONDS = 2;
/** Without a run of beats the network must give this much to tachycardia and fibrillation. */
const CERTAIN = 0.85;
/**
 * At the beginning of a stream the network sees a window that is filled up: until it is full the measures are asked. Of 35
 * false alarms on cudb and vfdb that were looked at, five were such.
 */
const FULL_WINDOW_SECONDS = 7;
/** A lead that stood still for a larger share of the last seconds shows no heart. */
const LARGEST_STILLNESS = 0.2;
/** An alert ends when nothing was seen for this long: fibrillation comes back, and one alarm says it. */
const HOLD_SECONDS = 10;
/** Beats that were regular so long ago still are: one that was lost or came early is nothing. */
const REGULAR_SECONDS = 2;
/** What contradicts fibrillation where beats cannot be read. */
const ORGANISED = 0.5;
/** An alert ends below this share of the probability that starts one. */
const END_SHARE = 0.5;

export interface FibrillationParts {
  readonly issuer: AlertIssuer;
  readonly settings: RhythmSettings;
  readonly rateHz: number;
  readonly evidence: RhythmEvidence;
  readonly regular: RegularBeats;
  readonly contrast: BeatContrast;
  readonly readability: Readability;
  readonly tachycardia: VentricularTachycardia;
}

/** What one look at the waveform says. */
interface Seen {
  readonly fibrillates: boolean;
  readonly isTachycardia: boolean;
  /** Clearly neither of the two: an alert that stands ends. */
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
  readonly #stillness: Stillness;
  readonly #windowSamples: number;
  #bpm = 0;
  #regularAt = Number.NEGATIVE_INFINITY;
  #nextLook = 0;
  #now = 0;
  #waveformSince: number | null = null;
  #wasFull = false;
  #lastSeen = Number.NEGATIVE_INFINITY;

  constructor(parts: FibrillationParts) {
    const { issuer, settings, rateHz } = parts;
    this.#parts = parts;
    this.#episode = new Episode('ventricular_fibrillation', issuer);
    this.#window = new WaveformWindow(rateHz, settings.fibrillationSeconds);
    this.#extractor = new WaveformFeatureExtractor(this.#window.length, this.#window.rateHz);
    this.#copy = new Float64Array(this.#window.length);
    this.#stillness = new Stillness(rateHz);
    this.#windowSamples = settings.fibrillationSeconds * rateHz;
  }

  /** The alert is active and what it tells of was seen a moment ago: missing beats are explained. */
  get suspected(): boolean {
    return this.#episode.active && this.#now - this.#lastSeen < this.#windowSamples;
  }

  /** The rate at which the waveform repeats itself; null where it does not. */
  get waveBpm(): number | null {
    if (!this.#window.full) return null;
    this.#window.copyTo(this.#copy);
    return waveBpm(this.#copy, this.#window.rateHz);
  }

  /** Samples of the analysed lead, readable or not. */
  pushSamples(lead: Float32Array, count: number, first: number): void {
    for (let index = 0; index < count; index += 1) {
      this.#window.push(lead[index]!);
      this.#waveformSince ??= first + index;
      this.#stillness.push(lead[index]!);
      if (first + index >= this.#nextLook) {
        this.#nextLook = first + index + STEP_SECONDS * this.#parts.rateHz;
        this.#look(first + index);
      }
    }
  }

  /** Samples were lost, or the lead carries no signal: an alert stays until a waveform says otherwise. */
  restart(): void {
    this.#window.reset();
    this.#waveformSince = null;
  }

  #look(sample: number): void {
    this.#now = sample;
    const seen = this.#isNetworkKnown(sample) ? this.#byNetwork(sample) : this.#byMeasures(sample);
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
    } else if (
      this.#episode.active &&
      seen.isOver &&
      sample - this.#lastSeen >= HOLD_SECONDS * this.#parts.rateHz
    ) {
      this.#episode.end(sample, 'The waveform no longer fibrillates', evidence);
    }
  }

  #isNetworkKnown(sample: number): boolean {
    const seenSamples = sample - (this.#waveformSince ?? sample);
    // Once: what is lost later is held, which the network has learned to see.
    this.#wasFull ||= seenSamples >= FULL_WINDOW_SECONDS * this.#parts.rateHz;
    return this.#wasFull && this.#parts.evidence.isKnown(sample);
  }

  #byNetwork(sample: number): Seen {
    const { evidence, regular, contrast, settings } = this.#parts;
    const fibrillation = evidence.mean('fibrillation', NETWORK_SECONDS);
    const tachycardia = evidence.mean('tachycardia', NETWORK_SECONDS);
    const together = fibrillation + tachycardia;
    const bpm = this.#regularBpm(sample);
    const runBpm = regular.runBpm(sample);
    const isFast = bpm === null || (regular.areAlike && bpm >= settings.ventricularTachycardiaBpm);
    // Between regular beats a line may stand still.
    const isStill = bpm === null && runBpm === null && this.#stillness.share > LARGEST_STILLNESS;
    const isClear = contrast.standsOut(sample);
    const fibrillates =
      !isStill &&
      !isClear &&
      bpm === null &&
      together >= settings.fibrillationProbability &&
      fibrillation >= tachycardia;
    // A run of fast beats that are alike is half of the evidence; without one the network must be certain.
    const isRun = runBpm !== null && runBpm >= settings.ventricularTachycardiaBpm && !regular.isRunUsual;
    const latest = evidence.mean('tachycardia', RUN_SECONDS);
    // Irregular beats that stand out are none of a fibrillating ventricle, whatever the network gives to that.
    const ofRun = isClear && bpm === null ? latest : latest + evidence.mean('fibrillation', RUN_SECONDS);
    const isLikely = isRun ? ofRun >= settings.tachycardiaProbability : !isClear && together >= CERTAIN;
    const isTachycardia = isFast && !isStill && !fibrillates && isLikely;
    const rate = bpm === null ? '' : ` at ${bpm.toFixed(0)}/min`;
    return {
      fibrillates,
      isTachycardia,
      isOver:
        (bpm !== null && !isFast) ||
        (together < END_SHARE * settings.fibrillationProbability && this.#isContradicted()),
      text: fibrillates ? 'Fibrillating waveform' : `Waveform of ventricular tachycardia${rate}`,
      evidence: {
        rate_bpm: bpm === null ? null : Math.round(bpm),
        fibrillation: rounded(fibrillation),
        tachycardia: rounded(tachycardia),
        seen_by: 'network',
      },
    };
  }

  /** On a lead that cannot be read it is not over before the network sees another rhythm: noise only hides it. */
  #isContradicted(): boolean {
    const { readability, evidence } = this.#parts;
    return readability.readable || evidence.mean('organised', NETWORK_SECONDS) >= ORGANISED;
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
    const looks = looksLikeFlutter(features);
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
