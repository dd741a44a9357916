/** A daemon, all it depends on, and whoever listens to it: real processes, a disk and a clock of its own. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HealthEvent } from '@rhythmd/protocol/events.ts';
import { connectAsync, type MqttClient } from 'mqtt';
import { DaemonProcess } from '../../support/daemon-process.ts';
import { FakeTime } from '../../support/fake-time.ts';
import { freePort, Mosquitto } from '../../support/mosquitto.ts';
import { type Simulator, startSimulator } from '../../support/simulator.ts';
import { SmallDisk } from '../../support/small-disk.ts';
import { until } from '../../support/until.ts';
import { Line } from './line.ts';

const BASE = 'ecg/rhythmd-1';
/** The recorder deletes its oldest long before; the outbox keeps what an outage of minutes makes. */
const DISK_KILOBYTES = 64 * 1024;
const PERSISTENCE = ['persistence true', 'autosave_on_changes true', 'autosave_interval 1'];

export interface Heard {
  readonly topic: string;
  readonly id: string;
  readonly seq: number;
  readonly phase: string;
}

export class World {
  readonly time = new FakeTime();
  /** null where mounting is not allowed: the disk is never full then. */
  readonly disk = SmallDisk.mount(mkdtempSync(join(tmpdir(), 'rhythmd-soak-')), DISK_KILOBYTES);
  readonly broker = new Mosquitto({ configuration: PERSISTENCE });
  /** Beats and alerts as the external broker's listener got them, in order. */
  readonly heard: Heard[] = [];
  readonly healths: HealthEvent[] = [];
  readonly #clients: MqttClient[] = [];
  #line: Line | null = null;
  #daemon: DaemonProcess | null = null;
  #simulator: Simulator | null = null;
  #pageUrl = '';

  get line(): Line {
    return this.#line!;
  }

  get daemon(): DaemonProcess {
    return this.#daemon!;
  }

  get pageUrl(): string {
    return this.#pageUrl;
  }

  async begin(record: string, speed: number): Promise<void> {
    const [boardPort, linePort] = [await freePort(), await freePort()];
    const to = `tcp:127.0.0.1:${boardPort}`;
    const words = ['play', record, '--board', 'native', '--to', to, '--speed', String(speed)];
    this.#simulator = await startSimulator([...words, '--loop']);
    this.#line = new Line(boardPort);
    await this.#line.start(linePort);
    await this.broker.start();
    this.#daemon = await DaemonProcess.start({
      ...this.time.environment(),
      ...(this.disk === null ? {} : { STATE_DIRECTORY: this.disk.folder }),
      RHYTHMD_SOURCE_URL: `tcp://127.0.0.1:${linePort}?speed=${speed}`,
      RHYTHMD_SOURCE_BOARD: 'native',
      RHYTHMD_MQTT_URL: this.broker.url,
      RHYTHMD_RECORDER_MIN_FREE_MB: '10',
      RHYTHMD_RECORDER_MAX_MB: '30',
    });
    this.#pageUrl = await this.#daemon.pageUrl();
    await this.#listen();
  }

  async end(): Promise<void> {
    for (const client of this.#clients) client.end(true);
    await this.#daemon?.stop('SIGTERM');
    await this.#line?.stop();
    await this.#simulator?.stop();
    await this.broker.remove();
    this.disk?.unmount();
  }

  /** One with a session that outlives the broker, and one at the embedded broker, which dies with the daemon only. */
  async #listen(): Promise<void> {
    const options = { clientId: 'soak', clean: false, reconnectPeriod: 50 };
    const outside = await connectAsync(this.broker.url, options, false);
    outside.on('message', (topic, payload) => {
      const { id, seq, phase } = JSON.parse(payload.toString());
      this.heard.push({ topic: topic.slice(BASE.length + 1), id, seq, phase });
    });
    await outside.subscribeAsync([`${BASE}/beat`, `${BASE}/alert`], { qos: 1 });
    await until(() => /source: /.test(this.daemon.log), 'the source', 60_000);
    const inside = await connectAsync(this.daemon.mqttUrl, { reconnectPeriod: 50 }, false);
    inside.on('message', (_topic, payload) => this.healths.push(JSON.parse(payload.toString())));
    await inside.subscribeAsync(`${BASE}/health`, { qos: 0 });
    this.#clients.push(outside, inside);
  }

  get health(): HealthEvent | null {
    return this.healths.at(-1) ?? null;
  }
}
