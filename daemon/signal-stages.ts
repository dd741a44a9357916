/**
 * Everything between a source's samples and the networks, in sample time: resampling, quality gate, QRS
 * detector, beat builder, windows of waveform for the rhythm network. `run` and `analyze` share it: a record read as
 * fast as possible and a live board pass the same code.
 */
import { BeatBuilder, type ChannelLayout } from '@rhythmd/ecg/beat/beat-builder.ts';
import type { Level } from '@rhythmd/ecg/beat/level.ts';
import { type OnRhythmWindow, RhythmSignal } from '@rhythmd/ecg/rhythm/rhythm-signal.ts';
import { EvenBlocks } from '@rhythmd/ecg/signal/even-blocks.ts';
import { QrsDetector } from '@rhythmd/ecg/signal/qrs/detector.ts';
import { QualityGate } from '@rhythmd/ecg/signal/quality-gate.ts';
import { Resampler } from '@rhythmd/ecg/signal/resampler.ts';
import {
  type Beat,
  type Peak,
  PIPELINE_RATE_HZ,
  type QualityChange,
  type Samples,
} from '@rhythmd/ecg/types.ts';
import { QualityHistory } from './quality-history.ts';

/**
 * Everything is decided in blocks of so many samples (25 ms, three of the detector's steps) that begin at its multiples, so
 * that beats, their images and alerts are the same however the samples arrived. A peak is told that much later at most.
 */
const BLOCK_SAMPLES = 9;
/** A gap this long may have hidden a beat: no RR interval spans it (200 ms, the refractory period). */
const BEAT_HIDING_GAP = 0.2 * PIPELINE_RATE_HZ;

export interface StageOptions {
  readonly rateHz: number;
  readonly leads: number;
  /** The lead whose beats are built and classified. */
  readonly analysedLead: number;
  readonly channels: ChannelLayout;
  readonly normalisation: 'running' | Level;
}

export interface StageHandlers {
  /**
   * Samples at the pipeline's rate, in the blocks that everything is decided in; after the peaks and beats they completed. The
   * arrays are reused.
   */
  samples(samples: Samples): void;
  /** The same samples as soon as they are there. The arrays are reused. */
  arrived?(samples: Samples): void;
  quality(change: QualityChange): void;
  /** A peak in a readable stretch, as soon as it is known; `doubt` as the quality gate has it then, 0 to 1. */
  peak(peak: Peak, doubt: number): void;
  /** A complete beat in a readable stretch. The image is reused. */
  beat(beat: Beat): void;
  /** The last seconds of waveform, each half second, readable or not; before the samples that end it. */
  rhythmWindow?: OnRhythmWindow;
}

export class SignalStages {
  readonly #handlers: StageHandlers;
  readonly #resampler: Resampler;
  readonly #blocks: EvenBlocks;
  readonly #gate: QualityGate;
  readonly #detector: QrsDetector;
  readonly #builder: BeatBuilder;
  readonly #rhythmSignal = new RhythmSignal();
  readonly #quality = new QualityHistory('settling');
  readonly #lead: number;
  /** Shown to the classifier beside the analysed lead while it can be read; null: there is none. */
  readonly #secondLead: number | null;
  #isSecondReadable = false;
  #suppressedPeaks = 0;
  #suppressedBeats = 0;

  readonly #onResampled = (samples: Samples): void => this.#cut(samples);
  readonly #onBlock = (samples: Samples): void => this.#process(samples);
  readonly #onQuality = (change: QualityChange): void => this.#changeQuality(change);
  readonly #onPeak = (peak: Peak): void => this.#takePeak(peak);
  readonly #onBeat = (beat: Beat): void => this.#takeBeat(beat);

  constructor(options: StageOptions, handlers: StageHandlers) {
    const { rateHz, leads, channels, normalisation } = options;
    const atPipelineRate = { rateHz: PIPELINE_RATE_HZ, leads } as const;
    this.#handlers = handlers;
    this.#lead = options.analysedLead;
    this.#secondLead = leads < 2 ? null : options.analysedLead === 0 ? 1 : 0;
    this.#resampler = new Resampler({ inputRateHz: rateHz, outputRateHz: PIPELINE_RATE_HZ, leads });
    this.#blocks = new EvenBlocks({ ...atPipelineRate, length: BLOCK_SAMPLES });
    this.#gate = new QualityGate(atPipelineRate);
    this.#detector = new QrsDetector(atPipelineRate);
    this.#builder = new BeatBuilder({ rateHz: PIPELINE_RATE_HZ, channels, normalisation });
  }

  /** The share of leads that can be read, 0 to 1. */
  get readability(): number {
    return this.#gate.readability;
  }

  /**
   * How far a beat of the analysed lead can be believed now, 0 to 1: the share of its decisions that the detector
   * expects to be right. It gates nothing; beats carry it.
   */
  get belief(): number {
    return 1 - Math.min(1, this.#gate.doubt(this.#lead));
  }

  /** Peaks and beats that lay in unreadable stretches. */
  get suppressed(): { readonly peaks: number; readonly beats: number } {
    return { peaks: this.#suppressedPeaks, beats: this.#suppressedBeats };
  }

  push(samples: Samples): void {
    this.#resampler.push(samples, this.#onResampled);
  }

  /** The end of the stream: what is pending comes out. */
  flush(): void {
    this.#resampler.flush(this.#onResampled);
    this.#blocks.flush(this.#onBlock);
    this.#detector.flush(this.#onPeak);
    this.#builder.drain(this.#onBeat);
    this.#builder.flush(this.#onBeat);
  }

  #cut(samples: Samples): void {
    this.#blocks.push(samples, this.#onBlock);
    this.#handlers.arrived?.(samples);
  }

  #process(samples: Samples): void {
    if (samples.lost > BEAT_HIDING_GAP) this.#builder.flush(this.#onBeat);
    this.#gate.push(samples, this.#onQuality);
    const second = this.#isSecondReadable ? samples.leads[this.#secondLead!]! : null;
    this.#builder.pushSamples(samples.leads[this.#lead]!, samples.count, samples.first, second);
    this.#detector.push(samples, this.#onPeak);
    const { rhythmWindow } = this.#handlers;
    if (rhythmWindow !== undefined) {
      this.#rhythmSignal.push(samples.leads[this.#lead]!, samples.count, samples.first, rhythmWindow);
    }
    this.#builder.drain(this.#onBeat);
    this.#handlers.samples(samples);
  }

  #changeQuality(change: QualityChange): void {
    if (change.lead === this.#lead) {
      // Peaks went unseen in what ends here, so no interval may span it.
      if (this.#quality.current !== 'good' && change.quality === 'good') this.#builder.flush(this.#onBeat);
      this.#quality.change(change.sample, change.quality);
    }
    if (change.lead === this.#secondLead) this.#isSecondReadable = change.quality === 'good';
    this.#handlers.quality(change);
  }

  #takePeak(peak: Peak): void {
    if (this.#quality.at(peak.sample) !== 'good') {
      this.#suppressedPeaks++;
      return;
    }
    this.#builder.pushPeak(peak);
    this.#handlers.peak(peak, 1 - this.belief);
  }

  /** A stretch may prove unreadable only after its peaks were published: the beats are judged again. */
  #takeBeat(beat: Beat): void {
    if (this.#quality.at(beat.sample) === 'good') this.#handlers.beat(beat);
    else this.#suppressedBeats++;
  }
}
