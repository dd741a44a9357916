/**
 * One stream with one description: everything whose state is lost when the rate or the leads change. It turns
 * samples into events and hands them to the sinks.
 */
import { RhythmMonitor } from '@rhythmd/ecg/rhythm/monitor.ts';
import type { RhythmSettings } from '@rhythmd/ecg/rhythm/settings.ts';
import {
  type Alert,
  type Beat,
  type BeatLabel,
  type Peak,
  PIPELINE_RATE_HZ,
  type QualityChange,
  type Samples,
  type StreamDescription,
  type Verdict,
} from '@rhythmd/ecg/types.ts';
import type { AlertEvent, LeadEvent, MarkEvent, StripEvent, VitalsEvent } from '@rhythmd/protocol/events.ts';
import type { BeatIds } from './beat-ids.ts';
import type { Classifier } from './classify/classifier.ts';
import { EstimateQueue } from './classify/estimate-queue.ts';
import { modelIdentity } from './classify/model-card.ts';
import type { Paced } from './classify/paced-prior.ts';
import { PatientJudge, refuseUnteachable } from './classify/patient-judge.ts';
import { Readiness } from './classify/readiness.ts';
import type { RhythmNetwork } from './classify/rhythm-network.ts';
import { type ClassifierState, VerdictQueue } from './classify/verdict-queue.ts';
import type { LessonInForce, Scene } from './patient/patient-book.ts';
import { type Question, StreamTeaching } from './patient/stream-teaching.ts';
import { AlertStrips } from './publish/alert-strips.ts';
import { type BeatFacts, beatEvent } from './publish/beat-event.ts';
import type { Latency } from './publish/latency.ts';
import { LeadReport } from './publish/lead-report.ts';
import { Vitals } from './publish/vitals.ts';
import { WaveMemory } from './publish/wave-memory.ts';
import { RhythmFeed } from './rhythm-feed.ts';
import { SignalStages } from './signal-stages.ts';
import type { FanOut } from './sink/fan-out.ts';
import { SampleClock } from './time/clock.ts';
import type { TimeQuality } from './time/time-quality.ts';
import type { WallClock } from './time/wall-clock.ts';

export interface SessionOptions {
  readonly description: StreamDescription;
  /** The lead that is classified. */
  readonly analysedLead: number;
  readonly classifier: Classifier | null;
  readonly rhythmNetwork: RhythmNetwork | null;
  readonly paced: Paced;
  /** What was taught of this patient and holds here; null: nothing. */
  readonly lesson: (scene: Scene) => LessonInForce | null;
  readonly ids: BeatIds;
  readonly sinks: FanOut;
  readonly latency: Latency;
  readonly timeQuality: TimeQuality;
  readonly wall: WallClock;
  /** The clock that nobody sets. */
  readonly monotonicMs: () => number;
  readonly replay: boolean;
  readonly settings: RhythmSettings;
  /** Numbers the sessions of one run: put before alert ids. */
  readonly number: number;
  readonly onAlert: (alert: Alert) => void;
  readonly onClassifierFailure: (error: unknown) => void;
}

/** A beat on its way to its verdict. */
interface BeatInWork extends BeatFacts {
  readonly arrivalMs: number;
  readonly quality: number;
}

/** A beat to ask a person about. */
export interface ShownQuestion {
  readonly question: Question;
  readonly strip: StripEvent;
  readonly t_ms: number;
}

/** A second: no rule of high priority is told sooner than three after what it tells of. */
const PATIENCE_SAMPLES = PIPELINE_RATE_HZ;

export class StreamSession {
  readonly description: StreamDescription;
  readonly #clock: SampleClock;
  readonly #options: SessionOptions;
  readonly #stages: SignalStages;
  readonly #queue: VerdictQueue<BeatInWork>;
  readonly #estimates: EstimateQueue;
  readonly #vitals: Vitals;
  readonly #lead: LeadReport;
  readonly #memory: WaveMemory;
  readonly #strips: AlertStrips;
  readonly #monitor: RhythmMonitor;
  readonly #feed: RhythmFeed;
  readonly #readiness: Readiness;
  readonly #judge: PatientJudge;
  readonly #teaching: StreamTeaching;
  readonly #scene: Scene | null;
  /** The lesson that the beat in hand was judged with. */
  #taughtBy: string | null = null;
  #arrivalMs = 0;
  #leadSaid = '';

  constructor(options: SessionOptions) {
    const { description, analysedLead, classifier, wall, monotonicMs } = options;
    const { leadNames, rateHz } = description;
    this.description = description;
    this.#options = options;
    this.#clock = new SampleClock(PIPELINE_RATE_HZ);
    this.#vitals = new Vitals(this.#labels);
    this.#lead = new LeadReport(leadNames, analysedLead, monotonicMs(), (ms) => wall.at(ms));
    this.#memory = new WaveMemory(leadNames);
    const lead = leadNames[analysedLead] ?? '';
    this.#judge = new PatientJudge(classifier?.card ?? null, options.paced);
    this.#teaching = new StreamTeaching(analysedLead, lead);
    this.#scene = classifier === null ? null : { model: modelIdentity(classifier.card), lead };
    this.#strips = new AlertStrips((alertId, first, count) => this.#sendStrip(alertId, first, count));
    this.#monitor = new RhythmMonitor({
      rateHz: PIPELINE_RATE_HZ,
      leadNames,
      analysedLead,
      settings: options.settings,
      idPrefix: `${options.ids.run}-${options.number}`,
      onAlert: options.onAlert,
    });
    this.#readiness = new Readiness(this.#monitor);
    this.#feed = new RhythmFeed(this.#monitor, PATIENCE_SAMPLES);
    this.#queue = new VerdictQueue(
      classifier,
      (beat, verdict) => this.#publishBeat(beat, verdict),
      options.onClassifierFailure,
      (beat, image, probabilities) => this.#judgeBeat(beat, image, probabilities),
    );
    this.#estimates = new EstimateQueue(
      options.rhythmNetwork,
      (estimate) => {
        this.#readiness.rhythmNetwork(this.#estimates.state);
        this.#feed.estimate(estimate);
      },
      (error) => {
        this.#feed.estimateFailed();
        this.#readiness.rhythmNetwork(this.#estimates.state);
        options.onClassifierFailure(error);
      },
    );
    this.#stages = new SignalStages(
      {
        rateHz,
        leads: leadNames.length,
        analysedLead,
        channels: classifier?.card.input.channels ?? 'replicated',
        normalisation: 'running',
      },
      {
        samples: (samples) => this.#feed.samples(samples),
        arrived: (samples) => this.#takeSamples(samples),
        quality: (change) => this.#takeQuality(change),
        peak: (peak, doubt) => this.#takePeak(peak, doubt),
        beat: (beat) => this.#takeBeat(beat),
        ...(options.rhythmNetwork !== null && {
          rhythmWindow: (sample, window, received) => {
            this.#feed.expectEstimate(sample);
            this.#estimates.push(sample, window, received);
          },
        }),
      },
    );
    this.#readiness.classifier(this.#queue.state);
    this.#readiness.rhythmNetwork(this.#estimates.state);
  }

  /** What the model names; before there is one, nothing. */
  get #labels(): readonly BeatLabel[] {
    return this.#options.classifier?.card.labels ?? [];
  }

  /** Its place among the leads of the stream. */
  get analysedLead(): number {
    return this.#options.analysedLead;
  }

  get classifierState(): ClassifierState {
    return this.#queue.state;
  }

  /** @param arrivalMs on the clock that nobody sets */
  push(samples: Samples, arrivalMs: number): void {
    this.#arrivalMs = arrivalMs;
    const end = ((samples.first + samples.count) * PIPELINE_RATE_HZ) / samples.rateHz;
    this.#clock.observe(end, arrivalMs);
    const firstMs = this.#timeOf((samples.first * PIPELINE_RATE_HZ) / samples.rateHz);
    this.#options.sinks.send('received', samples, firstMs);
    this.#stages.push(samples);
  }

  /** The stream ended: what is pending is published. */
  async flush(): Promise<void> {
    this.#stages.flush();
    await this.#queue.drained();
    await this.#estimates.drained();
    this.#monitor.flush();
    this.#strips.flush();
  }

  /** A person set other alarm limits. */
  changeSettings(settings: RhythmSettings): void {
    this.#monitor.changeSettings(settings);
  }

  /** @param reason a sentence; null when samples arrive again */
  stalled(reason: string | null): void {
    this.#monitor.pushSource(reason === null, reason ?? 'samples arrive');
    this.#sayLead(this.#lead.stalled(reason, this.#options.monotonicMs()));
  }

  /** The wall clock was set: what is retained with a stamp is said again. */
  clockSet(): void {
    this.#leadSaid = '';
    this.#sayLead(this.#lead.event());
  }

  /** Wall time of a sample; null before the first arrival. */
  timeOf(sample: number): number | null {
    const monotonicMs = this.#clock.timeOf(sample);
    return monotonicMs === null ? null : this.#options.wall.at(monotonicMs);
  }

  /** The sample at a wall time; null before the first arrival. */
  sampleAt(wallMs: number): number | null {
    return this.#clock.sampleAt(this.#options.wall.monotonicAt(wallMs));
  }

  /** An alert was told: its strip follows when the signal around it is there. */
  followWithStrip(event: AlertEvent): void {
    this.#strips.alert(event);
  }

  /** Where a lesson would hold; null: nothing is classified. */
  get scene(): Scene | null {
    return this.#scene;
  }

  /** @throws RhythmdError E_TEACH_MODEL */
  teachable(): Scene {
    refuseUnteachable(this.#options.classifier?.card ?? null);
    return this.#scene!;
  }

  /** The beats that the model is least certain of, of those whose signal is in memory. */
  doubtfulBeats(count: number): ShownQuestion[] {
    return this.#teaching.questions(count).map((question) => ({
      question,
      strip: this.#teaching.strip(question.sample, (sample) => this.#timeOf(sample)),
      t_ms: this.#timeOf(question.sample),
    }));
  }

  leadEvent(): LeadEvent {
    return this.#lead.event();
  }

  vitalsEvent(timeMs: number): VitalsEvent {
    return this.#vitals.report(this.#memory.end, Math.round(timeMs), this.#stages.readability);
  }

  /** A strip of what is in memory. @throws E_STRIP_GONE */
  strip(alertId: string, lead: number, first: number, count: number): StripEvent {
    return this.#memory.strip({ alertId, lead, first, count, timeMs: this.#timeOf(first) });
  }

  /** The newest pipeline samples of a lead, without those that were lost. */
  latest(lead: number, count: number): Float32Array {
    return this.#memory.latest(lead, count);
  }

  /** Somebody marks a moment: told to the sinks, written by the recorder. */
  mark(sample: number, text: string): MarkEvent {
    const event: MarkEvent = { v: 1, sample, t_ms: this.#timeOf(sample), text };
    this.#options.sinks.send('mark', event);
    return event;
  }

  /** Index after the newest pipeline sample. */
  get end(): number {
    return this.#memory.end;
  }

  counters(): Record<string, number> {
    return {
      verdicts_waiting: this.#queue.waiting,
      beats_unclassified: this.#queue.unclassified,
      beats_suppressed: this.#stages.suppressed.beats,
      peaks_suppressed: this.#stages.suppressed.peaks,
      strips_waiting: this.#strips.waiting,
      rhythm_windows_waiting: this.#estimates.waiting,
      rhythm_windows_dropped: this.#estimates.dropped,
    };
  }

  #takeSamples(samples: Samples): void {
    this.#memory.push(samples);
    this.#teaching.pushSamples(samples);
    this.#options.sinks.send('wave', samples, this.#timeOf(samples.first));
    this.#strips.advance(this.#memory.end);
  }

  #takeQuality(change: QualityChange): void {
    if (change.lead === this.#options.analysedLead)
      this.#vitals.readable(change.sample, change.quality === 'good');
    this.#feed.quality(change);
    this.#options.sinks.send('quality', change);
    this.#sayLead(this.#lead.change(change, this.#clock.timeOf(change.sample) ?? this.#arrivalMs));
  }

  /** Retained on MQTT and kept by the page: said when something changed. */
  #sayLead(event: LeadEvent): void {
    const said = JSON.stringify({ ...event, since_ms: 0, since_sample: 0 });
    if (said === this.#leadSaid) return;
    this.#leadSaid = said;
    this.#options.sinks.send('lead', event);
  }

  #takePeak(peak: Peak, doubt: number): void {
    this.#feed.peak(peak, doubt);
    const { sample, amplitudeMv } = peak;
    const amplitude = Math.round(1000 * amplitudeMv) / 1000;
    this.#options.sinks.send('peak', { sample, t_ms: this.#timeOf(sample), amplitude_mv: amplitude });
  }

  #takeBeat(beat: Beat): void {
    const { sample, amplitudeMv, rrBefore, rrAfter } = beat;
    const quality = this.#stages.readability * this.#stages.belief;
    this.#feed.expectBeat();
    this.#queue.push(beat, { sample, amplitudeMv, rrBefore, rrAfter, quality, arrivalMs: this.#arrivalMs });
  }

  #judgeBeat(beat: BeatInWork, image: Float32Array, probabilities: Float32Array): void {
    const taught = this.#scene === null ? null : this.#options.lesson(this.#scene);
    this.#taughtBy = taught?.id ?? null;
    this.#judge.judge(beat, image, probabilities, taught?.lesson ?? null);
  }

  #publishBeat(beat: BeatInWork, verdict: Verdict): void {
    const { ids, classifier, sinks, timeQuality, replay, monotonicMs, latency, description, analysedLead } =
      this.#options;
    this.#vitals.beat(beat.sample, beat.rrBefore, verdict.label);
    const latencyMs = Math.max(0, monotonicMs() - beat.arrivalMs);
    latency.add(latencyMs);
    const { id, seq } = ids.next();
    const event = beatEvent(beat, verdict, {
      id,
      seq,
      timeMs: this.#timeOf(beat.sample),
      timeQuality: timeQuality.word,
      quality: beat.quality,
      lead: description.leadNames[analysedLead] ?? '',
      model:
        classifier === null || verdict.label === null ? null : modelIdentity(classifier.card, this.#taughtBy),
      labels: this.#labels,
      latencyMs,
      replay,
    });
    sinks.send('beat', event);
    const { look } = this.#judge;
    if (look !== null && verdict.label !== null)
      this.#teaching.pushBeat(beat.sample, look, id, verdict.label);
    this.#readiness.classifier(this.#queue.state);
    this.#feed.beat({ id, sample: beat.sample, ...verdict });
  }

  #sendStrip(alertId: string, first: number, count: number): void {
    if (first + count <= this.#memory.start || first >= this.#memory.end) return;
    this.#options.sinks.send('strip', this.strip(alertId, this.#options.analysedLead, first, count));
  }

  #timeOf(sample: number): number {
    return Math.round(this.timeOf(sample) ?? this.#options.wall.now());
  }
}
