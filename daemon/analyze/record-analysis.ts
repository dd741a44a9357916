/** A record through the daemon's own streaming stages, as fast as they go. */
import { recordLevel } from '@rhythmd/ecg/beat/level.ts';
import { RhythmMonitor } from '@rhythmd/ecg/rhythm/monitor.ts';
import type { RhythmSettings } from '@rhythmd/ecg/rhythm/settings.ts';
import {
  type Alert,
  type Beat,
  type BeatLabel,
  PIPELINE_RATE_HZ,
  type QualityChange,
  type Samples,
  type Verdict,
} from '@rhythmd/ecg/types.ts';
import type { WfdbRecord } from '@rhythmd/records/read-record.ts';
import type { Classifier } from '../classify/classifier.ts';
import { EstimateQueue } from '../classify/estimate-queue.ts';
import type { RhythmNetwork } from '../classify/rhythm-network.ts';
import { VerdictQueue } from '../classify/verdict-queue.ts';
import type { BeatFacts } from '../publish/beat-event.ts';
import { SignalStages } from '../signal-stages.ts';

/** Signal handed over at once, in seconds: about what a board's line delivers. */
const CHUNK_S = 0.25;

export interface AnalysisOptions {
  readonly classifier: Classifier | null;
  /** null or left out: rules do with beats and measures of the waveform. */
  readonly rhythmNetwork?: RhythmNetwork | null;
  /** The one signal to look at; null: all, and the first is classified. */
  readonly signal: number | null;
  readonly settings: RhythmSettings;
  readonly onClassifierFailure: (error: unknown) => void;
  readonly interruption: AbortSignal;
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
  readonly #record: WfdbRecord;
  readonly #options: AnalysisOptions;
  readonly #leads: readonly Float32Array[];
  readonly #stages: SignalStages;
  readonly #queue: VerdictQueue<BeatFacts>;
  readonly #estimates: EstimateQueue;
  readonly #monitor: RhythmMonitor;
  readonly #beats: AnalysedBeat[] = [];
  readonly #alerts: ToldAlert[] = [];
  /** Pipeline samples delivered so far. */
  #delivered = 0;
  readonly #quality: QualityChange[] = [];
  #sampleCount = 0;

  constructor(record: WfdbRecord, options: AnalysisOptions) {
    const { classifier, signal } = options;
    this.#record = record;
    this.#options = options;
    this.#leads = signal === null ? record.leads : [record.leads[signal]!];
    const leadNames = signal === null ? record.leadNames : [record.leadNames[signal]!];
    this.#monitor = new RhythmMonitor({
      rateHz: PIPELINE_RATE_HZ,
      leadNames,
      settings: options.settings,
      onAlert: (alert) => this.#alerts.push({ ...alert, toldAt: this.#delivered }),
    });
    this.#queue = new VerdictQueue<BeatFacts>(
      classifier,
      (beat, verdict) => this.#takeVerdict(beat, verdict),
      options.onClassifierFailure,
    );
    this.#estimates = new EstimateQueue(
      options.rhythmNetwork ?? null,
      (estimate) => this.#monitor.pushEstimate(estimate),
      options.onClassifierFailure,
    );
    this.#stages = new SignalStages(
      {
        rateHz: record.rateHz,
        leads: this.#leads.length,
        analysedLead: 0,
        channels: classifier?.card.input.channels ?? 'replicated',
        normalisation:
          classifier?.card.input.normalisation === 'record' ? recordLevel(this.#leads[0]!) : 'running',
      },
      {
        samples: (samples) => this.#takeSamples(samples),
        quality: (change) => this.#takeQuality(change),
        peak: (peak) => this.#monitor.pushPeak(peak),
        beat: (beat) => this.#takeBeat(beat),
        rhythmWindow: (sample, window, received) => this.#estimates.push(sample, window, received),
      },
    );
  }

  /** Once. @throws the interruption's reason when it is interrupted */
  async run(): Promise<Findings> {
    const { rateHz, sampleCount } = this.#record;
    const chunk = Math.max(1, Math.round(CHUNK_S * rateHz));
    for (let first = 0; first < sampleCount; first += chunk) {
      const count = Math.min(chunk, sampleCount - first);
      const leads = this.#leads.map((lead) => lead.subarray(first, first + count));
      this.#delivered = Math.round(((first + count) * PIPELINE_RATE_HZ) / rateHz);
      this.#stages.push({ first, rateHz, leads, count, flags: 0, lost: 0 });
      if (this.#queue.waiting > 0) await this.#queue.drained();
      if (this.#estimates.waiting > 0) await this.#estimates.drained();
      this.#options.interruption.throwIfAborted();
    }
    this.#stages.flush();
    await this.#queue.drained();
    await this.#estimates.drained();
    return {
      labels: this.#options.classifier?.card.labels ?? [],
      beats: this.#beats,
      alerts: this.#alerts,
      quality: this.#quality,
      sampleCount: this.#sampleCount,
    };
  }

  #takeSamples(samples: Samples): void {
    this.#sampleCount = samples.first + samples.count;
    this.#monitor.pushSamples(samples);
  }

  #takeQuality(change: QualityChange): void {
    if (change.lead === 0) this.#quality.push(change);
    this.#monitor.pushQuality(change);
  }

  #takeBeat(beat: Beat): void {
    const { sample, amplitudeMv, rrBefore, rrAfter } = beat;
    this.#queue.push(beat, { sample, amplitudeMv, rrBefore, rrAfter });
  }

  #takeVerdict(beat: BeatFacts, verdict: Verdict): void {
    this.#beats.push({ ...beat, label: verdict.label });
    this.#monitor.pushBeat({ id: String(this.#beats.length), sample: beat.sample, ...verdict });
  }
}
