/** A record through the daemon's own streaming stages, as fast as they go. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { recordLevel } from '@rhythmd/ecg/beat/level.ts';
import { RhythmMonitor } from '@rhythmd/ecg/rhythm/monitor.ts';
import type { RhythmSettings } from '@rhythmd/ecg/rhythm/settings.ts';
import type { BeatLook } from '@rhythmd/ecg/teaching/beat-look.ts';
import type { Lesson } from '@rhythmd/ecg/teaching/lesson.ts';
import {
  type Alert,
  type Beat,
  type BeatLabel,
  PIPELINE_RATE_HZ,
  type QualityChange,
  type Samples,
  type Verdict,
} from '@rhythmd/ecg/types.ts';
import { isLost } from '@rhythmd/ecg/wfdb/signal-formats.ts';
import { toPhysical } from '@rhythmd/ecg/wfdb/units.ts';
import { BLOCK_SAMPLES, type RecordReader } from '@rhythmd/records/record-reader.ts';
import type { Classifier } from '../classify/classifier.ts';
import { EstimateQueue } from '../classify/estimate-queue.ts';
import type { Paced } from '../classify/paced-prior.ts';
import { PatientJudge } from '../classify/patient-judge.ts';
import type { RhythmNetwork } from '../classify/rhythm-network.ts';
import { VerdictQueue } from '../classify/verdict-queue.ts';
import type { BeatFacts } from '../publish/beat-event.ts';
import { RhythmFeed } from '../rhythm-feed.ts';
import { SignalStages } from '../signal-stages.ts';

/** Signal handed over at once, in seconds: about what a board's line delivers. */
const CHUNK_S = 0.25;
/**
 * Beats or windows that wait until networks are asked: asking costs as much as answering. Fewer than an EstimateQueue holds; the
 * monitor hears of everything in the order of the signal, so that it says what it says live.
 */
const BATCH = 12;

export interface AnalysisOptions {
  readonly classifier: Classifier | null;
  /** null or left out: rules do with beats and measures of the waveform. */
  readonly rhythmNetwork?: RhythmNetwork | null;
  /** The signals to look at; the first is classified. */
  readonly signals: readonly number[];
  readonly settings: RhythmSettings;
  /** Absent: auto. */
  readonly paced?: Paced;
  /** What a person said of this patient's beats; null or left out: nothing. */
  readonly lesson?: Lesson | null;
  /** Told of each beat's look before lessons; written over by the next. */
  readonly onLook?: (sample: number, look: BeatLook) => void;
  /** Record samples to analyse; left out: all. */
  readonly sampleCount?: number;
  readonly onClassifierFailure: (error: unknown) => void;
  readonly interruption: AbortSignal;
  /** Told after each block which share of the record is done. */
  readonly onProgress?: (share: number) => void;
}

export interface AnalysedBeat extends BeatFacts {
  readonly label: BeatLabel | null;
}

/** An alert with the moment it was told: a live listener hears it when the samples up to there have arrived. */
export interface ToldAlert extends Alert {
  /** Pipeline samples delivered so far. */
  readonly toldAt: number;
}

/** Everything in pipeline samples. */
export interface Findings {
  /** The classes that the model names; none without one. */
  readonly labels: readonly BeatLabel[];
  readonly beats: readonly AnalysedBeat[];
  readonly alerts: readonly ToldAlert[];
  /** States of the analysed lead, in order. */
  readonly quality: readonly QualityChange[];
  readonly sampleCount: number;
}

export class RecordAnalysis {
  readonly #record: RecordReader;
  readonly #options: AnalysisOptions;
  readonly #stages: SignalStages;
  readonly #queue: VerdictQueue<BeatFacts>;
  readonly #estimates: EstimateQueue;
  readonly #judge: PatientJudge;
  readonly #monitor: RhythmMonitor;
  readonly #feed: RhythmFeed;
  readonly #beats: AnalysedBeat[] = [];
  readonly #alerts: ToldAlert[] = [];
  readonly #quality: QualityChange[] = [];
  #sampleCount = 0;
  /** Record samples that nothing was recorded of since the last that was. */
  #lost = 0;

  constructor(record: RecordReader, options: AnalysisOptions) {
    const { classifier, signals } = options;
    this.#record = record;
    this.#options = options;
    const leadNames = signals.map((signal) => record.leadNames[signal]!);
    this.#monitor = new RhythmMonitor({
      rateHz: PIPELINE_RATE_HZ,
      leadNames,
      settings: options.settings,
      onAlert: (alert) => this.#alerts.push({ ...alert, toldAt: this.#feed.toldAt }),
    });
    // A file waits for its networks, whatever they take.
    this.#feed = new RhythmFeed(this.#monitor, Number.POSITIVE_INFINITY);
    this.#queue = new VerdictQueue<BeatFacts>(
      classifier,
      (beat, verdict) => this.#takeVerdict(beat, verdict),
      options.onClassifierFailure,
      (beat, image, probabilities) => this.#judgeBeat(beat, image, probabilities),
    );
    this.#judge = new PatientJudge(classifier?.card ?? null, options.paced ?? 'auto');
    const { rhythmNetwork = null } = options;
    this.#estimates = new EstimateQueue(
      rhythmNetwork,
      (estimate) => this.#feed.estimate(estimate),
      (error) => {
        this.#feed.estimateFailed();
        options.onClassifierFailure(error);
      },
    );
    this.#stages = new SignalStages(
      {
        rateHz: record.rateHz,
        leads: signals.length,
        analysedLead: 0,
        channels: classifier?.card.input.channels ?? 'replicated',
        normalisation:
          classifier?.card.input.normalisation === 'record'
            ? recordLevel(wholeLead(record, signals[0]!))
            : 'running',
      },
      {
        samples: (samples) => this.#takeSamples(samples),
        quality: (change) => this.#takeQuality(change),
        peak: (peak, doubt) => this.#feed.peak(peak, doubt),
        beat: (beat) => this.#takeBeat(beat),
        ...(rhythmNetwork !== null && {
          rhythmWindow: (sample, window, received) => {
            this.#feed.expectEstimate(sample);
            this.#estimates.push(sample, window, received);
          },
        }),
      },
    );
  }

  /** Once. @throws the interruption's reason when it is interrupted */
  async run(): Promise<Findings> {
    const { rateHz, header } = this.#record;
    const { signals, onProgress, interruption } = this.#options;
    const sampleCount = Math.min(
      this.#record.sampleCount,
      this.#options.sampleCount ?? this.#record.sampleCount,
    );
    const chunk = Math.max(1, Math.round(CHUNK_S * rateHz));
    const block = chunk * Math.max(1, Math.floor(BLOCK_SAMPLES / chunk));
    for (let first = 0; first < sampleCount; first += block) {
      const adc = this.#record.read(first, block);
      const values = signals.map((signal) => toPhysical(adc[signal]!, header.signals[signal]!));
      const lost = chunksLost(
        signals.map((signal) => adc[signal]!),
        chunk,
      );
      const end = Math.min(block, sampleCount - first);
      for (let at = 0; at < end; at += chunk) {
        const count = Math.min(chunk, end - at);
        // What follows a gap brings all windows of the gap at once.
        if (this.#lost > 0) await this.#drained();
        // The last one is pushed in any case: it says where the record ends.
        if (lost[at / chunk] && first + at + count < sampleCount) this.#lost += count;
        else this.#push(first + at, values, at, count);
        if (this.#queue.waiting >= BATCH || this.#estimates.waiting >= BATCH) await this.#drained();
        interruption.throwIfAborted();
      }
      onProgress?.(Math.min(sampleCount, first + block) / sampleCount);
      // Our own executor answers without a turn of the event loop, and an interruption comes in one.
      await nextTurn();
    }
    this.#stages.flush();
    await this.#drained();
    return {
      labels: this.#options.classifier?.card.labels ?? [],
      beats: this.#beats,
      alerts: this.#alerts,
      quality: this.#quality,
      sampleCount: this.#sampleCount,
    };
  }

  async #drained(): Promise<void> {
    await this.#queue.drained();
    await this.#estimates.drained();
  }

  #push(first: number, values: readonly Float32Array[], at: number, count: number): void {
    const { rateHz } = this.#record;
    const leads = values.map((lead) => lead.subarray(at, at + count));
    this.#feed.moment = Math.round(((first + count) * PIPELINE_RATE_HZ) / rateHz);
    if (this.#lost > 0) {
      // As the daemon says of a line on which nothing comes.
      const sample = Math.round(((first - this.#lost) * PIPELINE_RATE_HZ) / rateHz);
      this.#quality.push({ lead: 0, sample, quality: 'stalled' });
    }
    this.#stages.push({ first, rateHz, leads, count, flags: 0, lost: this.#lost });
    this.#lost = 0;
  }

  #takeSamples(samples: Samples): void {
    this.#sampleCount = samples.first + samples.count;
    this.#feed.samples(samples);
  }

  #takeQuality(change: QualityChange): void {
    if (change.lead === 0) this.#quality.push(change);
    this.#feed.quality(change);
  }

  #takeBeat(beat: Beat): void {
    const { sample, amplitudeMv, rrBefore, rrAfter } = beat;
    this.#feed.expectBeat();
    this.#queue.push(beat, { sample, amplitudeMv, rrBefore, rrAfter });
  }

  #judgeBeat(beat: BeatFacts, image: Float32Array, probabilities: Float32Array): void {
    const { lesson = null, onLook } = this.#options;
    this.#judge.judge(beat, image, probabilities, lesson);
    if (this.#judge.look !== null) onLook?.(beat.sample, this.#judge.look);
  }

  #takeVerdict(beat: BeatFacts, verdict: Verdict): void {
    this.#beats.push({ ...beat, label: verdict.label });
    this.#feed.beat({ id: String(this.#beats.length), sample: beat.sample, ...verdict });
  }
}

/** Chunks of which nothing was recorded: a gap, as it is told live, rather than samples that are no numbers. */
function chunksLost(adc: readonly Int32Array[], chunk: number): boolean[] {
  const length = adc[0]?.length ?? 0;
  return Array.from({ length: Math.ceil(length / chunk) }, (_, k) => {
    return adc.every((values) => {
      for (let i = k * chunk; i < Math.min(length, (k + 1) * chunk); i++)
        if (!isLost(values[i]!)) return false;
      return true;
    });
  });
}

/** For models whose normalisation needs the record's end. */
function wholeLead(record: RecordReader, signal: number): Float32Array {
  const lead = new Float32Array(record.sampleCount);
  for (let first = 0; first < record.sampleCount; first += BLOCK_SAMPLES) {
    lead.set(toPhysical(record.read(first, BLOCK_SAMPLES)[signal]!, record.header.signals[signal]!), first);
  }
  return lead;
}
