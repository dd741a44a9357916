/**
 * The way of the data, wired: source -> session (stages, classifier, rhythm) -> sinks. It owns what outlives a
 * stream: ids, alerts that stand, timers, requests.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { describeError } from '@rhythmd/ecg/errors.ts';
import type { RhythmSettings } from '@rhythmd/ecg/rhythm/settings.ts';
import type { Samples, StreamDescription } from '@rhythmd/ecg/types.ts';
import type { HealthEvent, InfoEvent } from '@rhythmd/protocol/events.ts';
import type { Finding } from '@rhythmd/protocol/requests.ts';
import { AlertBook } from './alert/alert-book.ts';
import { alertHandlers, limitHandlers } from './alert/alert-requests.ts';
import { LimitBook } from './alert/limit-book.ts';
import { AnalysedStream } from './analysed-stream.ts';
import { BeatIds } from './beat-ids.ts';
import type { Classifier } from './classify/classifier.ts';
import type { RhythmNetwork } from './classify/rhythm-network.ts';
import type { Config } from './config/schema.ts';
import { examineRunning } from './doctor/examine-running.ts';
import type { LoggerFactory } from './log/logger.ts';
import { PatientBook } from './patient/patient-book.ts';
import { PatientRequests } from './patient/patient-requests.ts';
import { healthEvent } from './publish/health-event.ts';
import { infoEvent } from './publish/info-event.ts';
import { Latency } from './publish/latency.ts';
import { LeadReport } from './publish/lead-report.ts';
import { ProcessFigures } from './publish/process-figures.ts';
import type { Sink } from './publish/sink.ts';
import type { RequestGateway } from './requests/gateway.ts';
import { sessionHandlers } from './requests/session-requests.ts';
import { FanOut } from './sink/fan-out.ts';
import type { Source, SourceStatus } from './source/source.ts';
import { SourceWatch } from './source/source-watch.ts';
import { StreamSession } from './stream-session.ts';
import { TimeQuality } from './time/time-quality.ts';
import { WallClock } from './time/wall-clock.ts';

const VITALS_EVERY_MS = 1000;
const HEALTH_EVERY_MS = 10_000;
/** A network that hangs must not keep the patient before. */
const FAREWELL_MS = 2000;

export interface PipelineParts {
  readonly config: Pick<Config, 'device' | 'model' | 'recorder'>;
  readonly environment: NodeJS.ProcessEnv;
  readonly source: Source;
  /** A lead's name, its number counted from 1, or auto (which is also meant where nothing is said). */
  readonly analysedLead?: string;
  /** null: beats are published unclassified. */
  readonly classifier: Classifier | null;
  /** null or left out: rules do with beats and measures of the waveform. */
  readonly rhythmNetwork?: RhythmNetwork | null;
  /** Left out: nobody in particular, and nothing outlives this run. */
  readonly patient?: PatientBook;
  readonly sinks: readonly Sink[];
  /** As configured. */
  readonly settings: RhythmSettings;
  /** Left out: what a person sets does not outlive this run. */
  readonly limits?: LimitBook;
  readonly alert: Pick<
    Config['alert'],
    'disabled' | 'update_seconds' | 'messages_per_minute' | 'silence_seconds' | 'acknowledge_seconds'
  >;
  /** What the sinks say of themselves for health. */
  readonly delivery: () => Pick<HealthEvent, 'broker' | 'outbox' | 'recorder'>;
  readonly log: LoggerFactory;
  /** Wall time, and the monotonic time sources stamp arrivals with; both in milliseconds. */
  readonly nowMs: () => number;
  readonly monotonicMs: () => number;
}

export class Pipeline {
  readonly #parts: PipelineParts;
  readonly #sinks: FanOut;
  readonly #ids = new BeatIds();
  readonly #latency = new Latency();
  readonly #timeQuality = new TimeQuality();
  readonly #book: AlertBook;
  readonly #limits: LimitBook;
  readonly #patient: PatientBook;
  readonly #patientRequests: PatientRequests;
  readonly #process: ProcessFigures;
  readonly #stream: AnalysedStream;
  readonly #watch: SourceWatch;
  /** Wall time; what is measured goes by the parts' monotonic clock. */
  readonly #wall: WallClock;
  readonly #startedMs: number;
  #timers: NodeJS.Timeout[] = [];
  #classifierFailures = 0;
  #failures = 0;
  #isStopped = false;

  constructor(parts: PipelineParts) {
    const { alert, nowMs, monotonicMs } = parts;
    this.#parts = parts;
    this.#sinks = new FanOut(parts.sinks, parts.log('sinks'));
    this.#wall = new WallClock(nowMs, monotonicMs);
    this.#startedMs = monotonicMs();
    this.#watch = new SourceWatch(parts.log('source'));
    this.#stream = new AnalysedStream({
      lead: parts.analysedLead ?? 'auto',
      sinks: this.#sinks,
      wall: this.#wall,
      monotonicMs,
      log: parts.log('lead'),
      open: (description, analysedLead, number) => this.#openSession(description, analysedLead, number),
      stallReason: () => this.#watch.stallReason,
      changed: () => this.#sayInfo(),
    });
    this.#limits =
      parts.limits ?? new LimitBook({ configured: parts.settings, nowMs, source: null, file: null });
    this.#patient = parts.patient ?? new PatientBook({ paced: 'auto', nowMs, source: null, file: null });
    this.#patientRequests = new PatientRequests({
      book: this.#patient,
      session: () => this.#stream.session,
      facts: () => this.#patient.facts(this.#stream.session?.scene ?? null),
      begin: (label) => this.newPatient(label),
      changed: () => this.#sayInfo(),
      monotonicMs,
    });
    this.#process = new ProcessFigures(monotonicMs());
    this.#book = new AlertBook({
      disabled: alert.disabled,
      updateSeconds: alert.update_seconds,
      messagesPerMinute: alert.messages_per_minute,
      silenceSeconds: alert.silence_seconds,
      acknowledgeSeconds: alert.acknowledge_seconds,
      replay: () => parts.source.replay,
      timeOf: (sample) => this.#stream.session?.timeOf(sample) ?? null,
      now: () => this.#wall.now(),
      monotonicMs,
      onEvent: (event) => {
        this.#sinks.send('alert', event);
        this.#stream.session?.followWithStrip(event);
      },
    });
  }

  /**
   * Sinks first, so that none misses the beginning; then the source.
   * @throws what the source throws when it can never start (a record that does not exist)
   */
  async start(): Promise<void> {
    this.#timeQuality.start();
    await this.#sinks.start();
    if (this.#isStopped) return;
    this.#sayInfo();
    this.reportHealth();
    this.#timers = [
      setInterval(() => this.#attempt('vitals', () => this.reportVitals()), VITALS_EVERY_MS),
      setInterval(() => this.#attempt('health', () => this.reportHealth()), HEALTH_EVERY_MS),
    ];
    await this.#parts.source.start({
      description: (description) => this.#attempt('stream', () => this.#stream.describe(description)),
      samples: (samples, arrivalMs) => this.#attempt('samples', () => this.#take(samples, arrivalMs)),
      status: (status) => this.#sourceChanged(status),
      end: () => {
        this.#attempt('end', () => this.#stream.endAudition());
        void this.#stream.session?.flush();
      },
    });
  }

  /** Source first, so that what was acquired is still published. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const timer of this.#timers) clearInterval(timer);
    await this.#parts.source.stop();
    await this.#stream.flush();
    this.#book.close();
    this.reportHealth();
    await this.#sinks.stop();
    this.#timeQuality.stop();
    await this.#parts.classifier?.close();
    await this.#parts.rhythmNetwork?.close();
  }

  /** Once a second. */
  reportVitals(): void {
    this.#followClock();
    this.#book.tick();
    const session = this.#stream.session;
    if (session !== null) this.#sinks.send('vitals', session.vitalsEvent(this.#wall.now()));
  }

  /** Every ten seconds. */
  reportHealth(): void {
    this.#sinks.send('health', this.health());
  }

  health(): HealthEvent {
    const { source, monotonicMs, delivery } = this.#parts;
    const now = monotonicMs();
    return healthEvent({
      nowMs: this.#wall.now(),
      uptimeMs: now - this.#startedMs,
      source: source.statistics(),
      queues: { ...this.#counters(), ...this.#sinks.counters() },
      delivery: delivery(),
      process: this.#process.read(now),
      latency: this.#latency.percentiles(),
    });
  }

  info(): InfoEvent {
    const { config, source, classifier, alert } = this.#parts;
    return infoEvent({
      device: config.device.id,
      source,
      description: this.#stream.description,
      classifier,
      patient: this.#patient.facts(this.#stream.session?.scene ?? null),
      alertsDisabled: alert.disabled,
      alertLimits: this.#limits.facts(),
    });
  }

  /** Answers what concerns the stream and its alerts. */
  register(requests: RequestGateway): void {
    requests.register({
      ...alertHandlers(this.#book),
      ...limitHandlers(this.#limits, () => {
        this.#stream.session?.changeSettings(this.#limits.settings);
        this.#sayInfo();
      }),
      ...sessionHandlers(() => this.#stream.session),
      ...this.#patientRequests.handlers,
      lead: ({ lead }) => this.#stream.changeLead(lead),
      doctor: async () => ({ findings: await this.#examine() }),
    });
  }

  /**
   * Everything that is of the patient before ends, and the next one begins as at the first start, with the next sample.
   * @param source of a replay: what plays now
   */
  async newPatient(label: string | null, source?: string | null): Promise<void> {
    const kept = Promise.all([this.#patient.begin(label, source), this.#limits.begin(source)]);
    this.#patientRequests.forgetAsked();
    this.#parts.log('patient').info('another patient is connected');
    const farewell = this.#stream.startAnew();
    await Promise.race([farewell, delay(FAREWELL_MS, undefined, { ref: false })]);
    // What stood of the patient before ends with them, acknowledged or not.
    this.#book.close();
    this.#sayInfo();
    this.#sinks.send('newPatient');
    await kept;
  }

  #examine(): Promise<Finding[]> {
    const { config, environment, source, delivery } = this.#parts;
    return examineRunning({
      config,
      environment,
      source: { statistics: source.statistics(), trouble: this.#watch.problem, about: source.about() },
      session: this.#stream.session,
      broker: delivery().broker,
    });
  }

  #openSession(description: StreamDescription, analysedLead: number, number: number): StreamSession {
    const { classifier, rhythmNetwork = null, monotonicMs, source, log } = this.#parts;
    return new StreamSession({
      description,
      analysedLead,
      classifier,
      rhythmNetwork,
      paced: this.#patient.paced,
      lesson: (scene) => this.#patient.inForce(scene),
      ids: this.#ids,
      sinks: this.#sinks,
      latency: this.#latency,
      timeQuality: this.#timeQuality,
      wall: this.#wall,
      monotonicMs,
      replay: source.replay,
      settings: this.#limits.settings,
      number,
      onAlert: (alert) => this.#book.push(alert),
      onClassifierFailure: (error) => {
        // The first says it; health counts the rest.
        if (this.#classifierFailures++ === 0) log('model').error(() => describeError(error));
      },
    });
  }

  #take(samples: Samples, arrivalMs: number): void {
    this.#followClock();
    this.#stream.push(samples, arrivalMs);
  }

  /** The system clock may have been set: stamps follow, and whoever keeps some is told. */
  #followClock(): void {
    const shiftMs = this.#wall.check();
    if (shiftMs === 0) return;
    const said = shiftMs > 0 ? 'forward' : 'back';
    this.#parts
      .log('clock')
      .warn(`the clock was set ${said} by ${Math.abs(shiftMs / 1000)} s: what was recorded is dated anew`);
    this.#timeQuality.ask();
    this.#sinks.send('clockSet', shiftMs, this.#wall.now());
    this.#stream.session?.clockSet();
    this.#book.clockSet();
  }

  /**
   * A timer's turn, or the source's: what goes wrong in it (a board that announces a rate we cannot resample) is told
   * once, and must not end the process.
   */
  #attempt(what: string, act: () => void): void {
    try {
      act();
    } catch (error) {
      if (this.#failures++ === 0) this.#parts.log('pipeline').error(() => `${what}: ${describeError(error)}`);
    }
  }

  #sourceChanged(status: SourceStatus): void {
    const { monotonicMs } = this.#parts;
    const { reason, wasStreaming } = this.#watch.changed(status);
    if (this.#stream.session === null) {
      const report = new LeadReport([], 0, monotonicMs(), (ms) => this.#wall.at(ms));
      if (reason !== null) this.#sinks.send('lead', report.stalled(reason, monotonicMs()));
    } else if (reason !== null || !wasStreaming) {
      this.#stream.session.stalled(reason);
    }
    this.#sayInfo();
    this.reportHealth();
  }

  #sayInfo(): void {
    this.#sinks.send('info', this.info());
  }

  #counters(): Record<string, number> {
    return {
      ...this.#stream.session?.counters(),
      classifier_failures: this.#classifierFailures,
      pipeline_failures: this.#failures,
      clock_set: this.#wall.timesSet,
      ...Object.fromEntries(Object.entries(this.#book.counters()).map(([name, n]) => [`alerts_${name}`, n])),
    };
  }
}
