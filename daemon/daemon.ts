/** The whole daemon from its configuration: opens every part, hands them to the pipeline, closes them again. */

import { describeError, RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { RhythmSettings } from '@rhythmd/ecg/rhythm/settings.ts';
import { MEGABYTE } from '@rhythmd/shell/megabyte.ts';
import { removeLeftovers } from '@rhythmd/shell/whole-file.ts';
import { settingsFromConfig } from './alert/alert-config.ts';
import { type KeptLimits, LIMITS_FILE, LimitBook, readLimits } from './alert/limit-book.ts';
import type { Classifier } from './classify/classifier.ts';
import type { ModelCard } from './classify/model-card.ts';
import { readModelFiles } from './classify/model-files.ts';
import { describeExecutor } from './classify/network.ts';
import { openModelIfThere } from './classify/open-model.ts';
import { openRhythmNetworkIfThere, type RhythmNetwork } from './classify/rhythm-network.ts';
import { configuredPath } from './config/paths.ts';
import type { Config } from './config/schema.ts';
import { DEVICE_FILE, ownDeviceId } from './device-id.ts';
import { StateLock } from './lock/state-lock.ts';
import type { LoggerFactory } from './log/logger.ts';
import { isLoopback } from './net/addresses.ts';
import { PatientBook } from './patient/patient-book.ts';
import { type KeptPatient, PATIENT_FILE, readPatient } from './patient/patient-file.ts';
import { Pipeline } from './pipeline.ts';
import type { Sink } from './publish/sink.ts';
import type { AuditLog } from './requests/audit-log.ts';
import { RequestGateway } from './requests/gateway.ts';
import { gatewayRules, openAudit } from './requests/open-audit.ts';
import { openMqtt } from './sink/open-mqtt.ts';
import { Recorder } from './sink/recorder.ts';
import { openSourceOrReplay } from './source/open-replay.ts';
import { replayHandlers } from './source/replay-requests.ts';
import { sourceOptions } from './source/source-config.ts';
import { StateFile } from './state-file.ts';
import { VERSION } from './version.ts';
import { referenceRoute } from './web/reference-route.ts';
import { reviewRoutes } from './web/review/review-routes.ts';
import { ReviewShelf } from './web/review/review-shelf.ts';
import { WebServer } from './web/server.ts';
import { webOptions } from './web/web-config.ts';
import { WebSocketSink } from './web/websocket-sink.ts';

/** What a daemon that was killed may have left half written. */
const STATE_FILES = [DEVICE_FILE, PATIENT_FILE, LIMITS_FILE];

export interface DaemonSurroundings {
  readonly environment: NodeJS.ProcessEnv;
  readonly log: LoggerFactory;
}

export class Daemon {
  #config: Config;
  readonly #surroundings: DaemonSurroundings;
  #lock: StateLock | null = null;
  #audit: AuditLog | null = null;
  #pipeline: Pipeline | null = null;
  #patient: PatientBook | null = null;
  #limits: LimitBook | null = null;
  #web: WebServer | null = null;
  /** Those that keep something on disk. */
  #keepers: Sink[] = [];
  #isStopping = false;

  constructor(config: Config, surroundings: DaemonSurroundings) {
    this.#config = config;
    this.#surroundings = surroundings;
  }

  /**
   * Returns when the source runs. A page or broker that cannot be had is told, and the rest goes on.
   * @throws E_STATE_BUSY; what makes the configuration senseless (E_SOURCE_URL, E_BOARD_UNKNOWN, E_WEB_TOKEN, E_WEB_PROXY,
   *   E_WEB_CERTIFICATE), a damaged model (E_MODEL_...), a record that is not there
   */
  async start(): Promise<void> {
    const { environment, log } = this.#surroundings;
    const { source, records, alert } = this.#config;
    const recordFolders = records.folders.map((folder) => configuredPath(folder, environment));
    const opened = openSourceOrReplay(source.url, { ...sourceOptions(source), recordFolders });
    const settings = settingsFromConfig(alert);
    this.#lock = await StateLock.take(this.#stateFolders());
    for (const file of STATE_FILES) removeLeftovers(configuredPath(file, environment));
    this.#nameDevice();
    const config = this.#config;
    this.#audit = openAudit(config, { environment, log: log('audit') });
    const requests = new RequestGateway(gatewayRules(config, this.#audit));
    const { replay } = opened;
    requests.register(
      replayHandlers(replay, recordFolders, () => this.#pipeline?.newPatient(null, replay?.current.record)),
    );
    const sinks: Sink[] = [];
    const page = await this.#openPage(requests);
    if (page !== null) sinks.push(page);
    const mqtt = openMqtt(config, {
      environment,
      log: log('mqtt'),
      requests,
      nowMs: Date.now,
      monotonicMs: () => performance.now(),
    });
    sinks.push(mqtt);
    const recorder = this.#openRecorder();
    if (recorder !== null) sinks.push(recorder);
    this.#keepers = sinks.filter((sink) => sink !== page);
    const classifier = await this.#openClassifier();
    // A stop that came meanwhile had no pipeline to stop.
    if (this.#isStopping) return this.#close();
    this.#patient = await this.#openPatient(opened.replay?.current.record ?? null);
    this.#limits = await this.#openLimits(settings, opened.replay?.current.record ?? null);
    this.#pipeline = new Pipeline({
      config,
      environment,
      source: opened.source,
      analysedLead: source.analysed_lead,
      classifier,
      rhythmNetwork: await this.#openRhythmNetwork(),
      patient: this.#patient,
      sinks,
      settings,
      limits: this.#limits,
      alert,
      delivery: () => ({
        broker: mqtt.brokerStatus(),
        outbox: mqtt.outboxStatus(),
        recorder: recorder?.status() ?? null,
      }),
      log,
      nowMs: Date.now,
      monotonicMs: () => performance.now(),
    });
    this.#pipeline.register(requests);
    await this.#pipeline.start();
  }

  /** May be called while it still starts. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#close();
  }

  /** The last resort: what is in memory only gets to the disk. Everything else is left as it is. */
  async save(): Promise<void> {
    await Promise.allSettled(this.#keepers.map((sink) => sink.stop()));
  }

  async #close(): Promise<void> {
    await this.#pipeline?.stop();
    await this.#web?.stop();
    await this.#patient?.close();
    await this.#limits?.close();
    await this.#audit?.close();
    this.#lock?.release();
  }

  /** One that was given no id has its own. */
  #nameDevice(): void {
    if (this.#config.device.id !== '') return;
    const { environment, log } = this.#surroundings;
    const { id, remark } = ownDeviceId(configuredPath(DEVICE_FILE, environment));
    if (remark !== null) log('device').info(remark);
    this.#config = { ...this.#config, device: { ...this.#config.device, id } };
  }

  /**
   * What only one daemon may write into. The outbox is used with an external broker only. In the folder of state itself are
   * the device's id, the patient and the alarm limits: those of one bed would be taken for another's.
   */
  #stateFolders(): string[] {
    const { recorder, outbox, mqtt, audit } = this.#config;
    const folders = ['$STATE_DIRECTORY', recorder.folder, mqtt.url === '' ? '' : outbox.folder, audit.folder];
    return folders
      .filter((folder) => folder !== '')
      .map((folder) => configuredPath(folder, this.#surroundings.environment));
  }

  /** null: there is none, or it cannot be read; what reads it then says that it is not known. */
  async #modelCard(): Promise<ModelCard | null> {
    const { path } = this.#config.model;
    if (path === '') return null;
    return readModelFiles(configuredPath(path, this.#surroundings.environment)).then(
      ({ card }) => card,
      () => null,
    );
  }

  async #openClassifier(): Promise<Classifier | null> {
    const { environment, log } = this.#surroundings;
    const { path, executor } = this.#config.model;
    if (path === '') return null;
    const classifier = await openModelIfThere(configuredPath(path, environment), executor, {
      missing: (problem) => {
        log('model').warn(() => `${describeError(problem)} Beats are published unclassified.`);
      },
      inexact: (problem) => log('model').warn(() => describeError(problem)),
    });
    if (classifier !== null) log('model').info(() => describeExecutor(classifier.card, classifier.executor));
    return classifier;
  }

  async #openRhythmNetwork(): Promise<RhythmNetwork | null> {
    const { environment, log } = this.#surroundings;
    const { rhythm_path, executor } = this.#config.model;
    if (rhythm_path === '') return null;
    const path = configuredPath(rhythm_path, environment);
    const network = await openRhythmNetworkIfThere(path, executor, (problem) => {
      log('model').warn(() => `${describeError(problem)} Alerts come from beats and measures alone.`);
    });
    if (network !== null) log('model').info(() => describeExecutor(network.card, network.executor));
    return network;
  }

  /** @param source of a replay: what plays; null: a board. One that cannot be read is nobody in particular. */
  async #openPatient(source: string | null): Promise<PatientBook> {
    const { environment } = this.#surroundings;
    const log = this.#surroundings.log('patient');
    const path = configuredPath(PATIENT_FILE, environment);
    let kept: KeptPatient | null = null;
    try {
      kept = await readPatient(path);
    } catch (error) {
      log.warn(`${path} cannot be read, nothing is known of the patient: ${reasonOf(error)}`);
    }
    const file = new StateFile<KeptPatient>(path, (error) =>
      log.warn(`a restart will forget the patient: ${reasonOf(error)}`),
    );
    return new PatientBook({ paced: this.#config.patient.paced, nowMs: Date.now, source, file, kept });
  }

  /** What was set is of the patient; what cannot be read, or no longer fits the configuration, does not hold. */
  async #openLimits(configured: RhythmSettings, source: string | null): Promise<LimitBook> {
    const log = this.#surroundings.log('alert');
    const path = configuredPath(LIMITS_FILE, this.#surroundings.environment);
    const file = new StateFile<KeptLimits>(path, (error) =>
      log.warn(`a restart will forget the alarm limits that were set: ${reasonOf(error)}`),
    );
    const options = { configured, nowMs: Date.now, source, file };
    try {
      return new LimitBook({ ...options, kept: await readLimits(path) });
    } catch (error) {
      log.warn(`the alarm limits in ${path} do not hold, those of the configuration do: ${reasonOf(error)}`);
      return new LimitBook(options);
    }
  }

  #openRecorder(): Recorder | null {
    const { environment, log } = this.#surroundings;
    const { folder, min_free_mb, max_mb, sync, sync_seconds } = this.#config.recorder;
    if (folder === '') return null;
    return new Recorder({
      folder: configuredPath(folder, environment),
      minFreeBytes: min_free_mb * MEGABYTE,
      maxBytes: max_mb * MEGABYTE,
      sync,
      syncEveryMs: sync_seconds * 1000,
      origin: `rhythmd ${VERSION}, device ${this.#config.device.id}`,
      log: log('recorder'),
      monotonicMs: () => performance.now(),
    });
  }

  /** The page first: whoever starts the daemon looks there. */
  async #openPage(requests: RequestGateway): Promise<Sink | null> {
    const { web: section } = this.#config;
    if (section.host === '') return null;
    const log = this.#surroundings.log('web');
    const sink = new WebSocketSink();
    sink.recent.deviceLabel = this.#config.device.label;
    const { environment } = this.#surroundings;
    const recordFolders = this.#config.records.folders.map((folder) => configuredPath(folder, environment));
    const recordings = configuredPath(this.#config.recorder.folder, environment);
    const shelf = new ReviewShelf(recordings, {
      onProblem: (text) => log.warn(text),
      label: this.#config.device.label,
      card: () => this.#modelCard(),
      settings: settingsFromConfig(this.#config.alert),
    });
    // Headers of months of recordings are read: after whoever waits for the page.
    setImmediate(() => shelf.corrections.mend());
    requests.register(shelf.corrections.handlers);
    const device = `rhythmd ${VERSION}, device ${this.#config.device.id}`;
    const routes = [...reviewRoutes(recordings, device, shelf), referenceRoute(recordFolders)];
    const onError = (text: string) => log.error(text);
    const options = webOptions(section, environment);
    const web = new WebServer(options, { sink, requests, routes, onError });
    try {
      const { url } = await web.start();
      this.#web = web;
      log.info(`the page is at ${url}`);
      if (!isLoopback(options.host) && !options.tls) {
        log.warn(
          'whoever listens on the network can read the page and its token: set web.tls_cert and web.tls_key',
        );
      }
      return sink;
    } catch (error) {
      if (error instanceof RhythmdError && error.code === 'E_WEB_PORT') {
        log.error(() => describeError(error));
        return null;
      }
      throw error;
    }
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
