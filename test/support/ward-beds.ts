/**
 * Beds for the ward page: the daemon's own MQTT sinks, one a bed, fed by hand: a made-up heart each, its vitals every second,
 * its waveform while somebody looks on, alerts that can be acknowledged and silenced.
 */
import { SILENT_LOGGER } from '@rhythmd/daemon/log/logger.ts';
import { RequestGateway } from '@rhythmd/daemon/requests/gateway.ts';
import { MqttSink } from '@rhythmd/daemon/sink/mqtt.ts';
import { MemoryOutbox } from '@rhythmd/daemon/sink/outbox/memory-outbox.ts';
import { PIPELINE_RATE_HZ } from '@rhythmd/ecg/types.ts';
import type { AlertEvent } from '@rhythmd/protocol/events.ts';
import { brokerOptions } from './delivery/sink.ts';
import { madeUpLead } from './made-up-heart.ts';
import { alertEvent, healthEvent, infoEvent, leadEvent, vitalsEvent } from './stage.ts';

const BLOCK = PIPELINE_RATE_HZ / 4;
const BLOCK_MS = 250;
/** What plays again and again. */
const SECONDS = 20;

export class WardBed {
  readonly device: string;
  readonly #sink: MqttSink;
  readonly #lead: Float32Array;
  readonly #rateBpm: number;
  readonly #standing = new Map<string, AlertEvent>();
  /** Who asked for what, for the test. */
  readonly asked: { readonly verb: string; readonly by: string | undefined }[] = [];
  #timers: NodeJS.Timeout[] = [];
  #sample = 0;

  /** @param options who it is to the broker, and a lead at 360 Hz that plays in place of a made-up one */
  constructor(
    url: string,
    device: string,
    rateBpm: number,
    options: { readonly user?: string; readonly password?: string; readonly lead?: Float32Array } = {},
  ) {
    const { lead, ...user } = options;
    this.device = device;
    this.#rateBpm = rateBpm;
    this.#lead = lead ?? heart(rateBpm);
    const requests = new RequestGateway();
    const change = (
      verb: string,
      id: string | undefined,
      by: string | undefined,
      to: Partial<AlertEvent>,
    ) => {
      this.asked.push({ verb, by });
      for (const alert of this.#standing.values())
        if (id === undefined || id === alert.id) this.alert({ ...alert, ...to });
    };
    requests.register({
      acknowledge: ({ id, by }) => {
        change('acknowledge', id, by, { acknowledged: true });
        return {};
      },
      silence: ({ id, by }) => {
        change('silence', id, by, { silenced: true });
        return { until_ms: Date.now() + 120_000 };
      },
    });
    this.#sink = new MqttSink({
      device,
      embedded: null,
      external: {
        broker: { ...brokerOptions(url, user), clientId: `rhythmd-${device}` },
        outbox: new MemoryOutbox(),
      },
      homeAssistant: null,
      wave: false,
      requests,
      log: SILENT_LOGGER,
      nowMs: Date.now,
      monotonicMs: () => performance.now(),
    });
  }

  async start(version = '0.2.0'): Promise<void> {
    await this.#sink.start();
    this.#sink.info({ ...infoEvent({ description: 'a made-up heart' }), device: this.device, version });
    this.#sink.lead(leadEvent());
    this.#sink.health(healthEvent());
    this.#vitals();
    this.#timers = [setInterval(() => this.#vitals(), 1000), setInterval(() => this.#block(), BLOCK_MS)];
  }

  /** As a daemon that hangs: nothing more is said, the connection stays. */
  fallSilent(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
  }

  async stop(): Promise<void> {
    this.fallSilent();
    await this.#sink.stop();
  }

  /** Begins, changes or ends an alert. */
  alert(event: Partial<AlertEvent> & { readonly id: string }): void {
    const now = Date.now();
    const known = this.#standing.get(event.id);
    const alert = {
      ...(known ?? alertEvent({ id: event.id, start_t_ms: now, replay: false })),
      ...event,
      t_ms: now,
    };
    if (alert.phase === 'end') this.#standing.delete(alert.id);
    else this.#standing.set(alert.id, alert);
    this.#sink.alert(alert);
  }

  #vitals(): void {
    const { N, V } = { N: this.#rateBpm - 2, V: 2 };
    this.#sink.vitals(
      vitalsEvent({ t_ms: Date.now(), hr_bpm: this.#rateBpm, beats_per_min: { N, V, S: 0 }, quality: 0.97 }),
    );
  }

  #block(): void {
    const at = this.#sample % this.#lead.length;
    const samples = this.#lead.slice(at, at + BLOCK);
    this.#sink.wave({
      first: this.#sample,
      rateHz: PIPELINE_RATE_HZ,
      leads: [samples],
      count: BLOCK,
      flags: 0,
      lost: 0,
    });
    this.#sample += BLOCK;
  }
}

/** Whole beats in the time that plays, so that the end joins the beginning. */
function heart(rateBpm: number): Float32Array {
  const count = Math.round((rateBpm * SECONDS) / 60);
  const beats = Array.from({ length: count }, (_, i) => ({
    atS: ((i + 0.5) * SECONDS) / count,
    heightMv: 1.1,
    hasP: true,
  }));
  return madeUpLead({ seconds: SECONDS, beats });
}

/** Whether a page is bundled by now; a connection that was kept and is closed under us is no answer. */
export function isServed(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ status }) => status === 200,
    () => false,
  );
}
