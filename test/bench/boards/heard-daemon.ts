/** The real daemon, with everything it publishes kept by an MQTT client that came first. */
import type { BeatEvent, HealthEvent } from '@rhythmd/protocol/events.ts';
import { connectAsync, type MqttClient } from 'mqtt';
import { DaemonProcess } from '../../support/daemon-process.ts';
import { canConnect } from '../../support/mosquitto.ts';
import { until } from '../../support/until.ts';

const START_WITHIN_MS = 60_000;

export class HeardDaemon {
  readonly beats: BeatEvent[] = [];
  readonly health: HealthEvent[] = [];
  readonly daemon: DaemonProcess;
  readonly #client: MqttClient;

  private constructor(daemon: DaemonProcess, client: MqttClient) {
    this.daemon = daemon;
    this.#client = client;
    client.on('message', (topic, payload) => {
      if (topic.endsWith('/beat')) this.beats.push(JSON.parse(payload.toString()));
      if (topic.endsWith('/health')) this.health.push(JSON.parse(payload.toString()));
    });
  }

  static async start(environment: NodeJS.ProcessEnv): Promise<HeardDaemon> {
    const daemon = await DaemonProcess.start(environment);
    await until(
      () => canConnect(daemon.mqttPort),
      () => `the broker; log:\n${daemon.log}`,
      START_WITHIN_MS,
    );
    const client = await connectAsync(daemon.mqttUrl, { reconnectPeriod: 100 }, false);
    const heard = new HeardDaemon(daemon, client);
    await client.subscribeAsync(['ecg/+/beat', 'ecg/+/health'], { qos: 1 });
    return heard;
  }

  /** Until a beat at or after `sample` was published. */
  async heardUntil(sample: number, withinMs: number): Promise<void> {
    await until(
      () => (this.beats.at(-1)?.sample ?? 0) >= sample,
      () => `a beat at ${sample}, got ${this.beats.at(-1)?.sample}; log:\n${this.daemon.log.slice(-2000)}`,
      withinMs,
    );
  }

  async stop(): Promise<void> {
    this.#client.end(true);
    await this.daemon.stop();
  }
}
