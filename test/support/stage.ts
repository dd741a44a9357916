/**
 * A stage for the page without the daemon: the web server and its sink, fed by hand. What a test puts on is
 * exactly what the page gets. `playRecord` puts on a record with its reference annotations as verdicts.
 */

import { LimitBook } from '@rhythmd/daemon/alert/limit-book.ts';
import type { RequestGateway } from '@rhythmd/daemon/requests/gateway.ts';
import type { WebOptions } from '@rhythmd/daemon/web/options.ts';
import type { Route } from '@rhythmd/daemon/web/route.ts';
import { WebServer } from '@rhythmd/daemon/web/server.ts';
import { WebSocketSink } from '@rhythmd/daemon/web/websocket-sink.ts';
import { rhythmSettings } from '@rhythmd/ecg/rhythm/settings.ts';
import { type BeatLabel, PIPELINE_RATE_HZ } from '@rhythmd/ecg/types.ts';
import type {
  AlertEvent,
  BeatEvent,
  HealthEvent,
  InfoEvent,
  LeadEvent,
  VitalsEvent,
} from '@rhythmd/protocol/events.ts';

export const EPOCH_MS = Date.UTC(2026, 0, 15, 9, 30);

export interface StageOptions {
  readonly web?: Partial<WebOptions>;
  readonly requests?: RequestGateway;
  readonly routes?: readonly Route[];
  readonly leads?: readonly string[];
  readonly description?: string;
  /** Nothing is said yet: the daemon is starting. */
  readonly isStarting?: boolean;
}

export class Stage {
  readonly sink = new WebSocketSink();
  readonly #options: StageOptions;
  readonly #server: WebServer;
  #seq = 0;
  url = '';

  constructor(options: StageOptions = {}) {
    this.#options = options;
    this.#server = new WebServer(
      { host: '127.0.0.1', port: 0, token: '', ...options.web },
      {
        sink: this.sink,
        requests: options.requests ?? null,
        routes: options.routes ?? [],
        onError: (text) => console.error(text),
      },
    );
  }

  async start(): Promise<string> {
    const { url } = await this.#server.start();
    this.url = url;
    if (this.#options.isStarting !== true) {
      this.sink.info(infoEvent(this.#options));
      this.sink.lead(leadEvent());
    }
    // Over TLS a test waits for what it needs, with its own authority.
    for (let tries = 0; tries < 200 && !url.startsWith('https:'); tries++) {
      // A connection kept from a server before on the same port is closed under us: again.
      const status = await fetch(url).then(
        (response) => response.status,
        () => 503,
      );
      if (status !== 503) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return url;
  }

  async stop(): Promise<void> {
    await this.#server.stop();
    await this.sink.stop();
  }

  /** One stretch of all leads, millivolts. */
  wave(first: number, leads: readonly Float32Array[], lost = 0): void {
    const count = leads[0]?.length ?? 0;
    this.sink.wave({ first, rateHz: PIPELINE_RATE_HZ, leads, count, flags: 0, lost }, timeOf(first));
  }

  beat(sample: number, label: BeatLabel | null, rrMs: number | null, amplitudeMv = 1): void {
    this.sink.peak({ sample, t_ms: timeOf(sample), amplitude_mv: amplitudeMv });
    this.sink.beat(beatEvent(this.#seq++, sample, label, rrMs, amplitudeMv));
  }
}

export function timeOf(sample: number): number {
  return EPOCH_MS + (sample / PIPELINE_RATE_HZ) * 1000;
}

export function infoEvent({ leads, description }: StageOptions): InfoEvent {
  return {
    v: 1,
    version: '0.1.0',
    device: 'stage',
    source: 'stage:',
    board: 'rhythmd',
    rate_hz: 360,
    leads: leads ?? ['MLII'],
    microvolts_per_count: (leads ?? ['MLII']).map(() => 5),
    model: null,
    patient: { label: null, since_ms: EPOCH_MS, paced: 'auto', taught: null },
    alerts_disabled: [],
    alert_limits: new LimitBook({
      configured: rhythmSettings(),
      nowMs: Date.now,
      source: null,
      file: null,
    }).facts(),
    replay: true,
    description: description ?? 'a stage for tests',
    notice: 'not a medical device',
  };
}

export function leadEvent(change: Partial<LeadEvent> = {}): LeadEvent {
  return {
    v: 1,
    connected: true,
    quality: 'good',
    reason: null,
    analysed: 'MLII',
    since_ms: EPOCH_MS,
    since_sample: 0,
    leads: [{ name: 'MLII', quality: 'good' }],
    ...change,
  };
}

export function vitalsEvent(change: Partial<VitalsEvent> = {}): VitalsEvent {
  return {
    v: 1,
    t_ms: EPOCH_MS,
    hr_bpm: null,
    rr_ms: null,
    sdnn_ms: null,
    beats_per_min: null,
    quality: null,
    ...change,
  };
}

export function alertEvent(change: Partial<AlertEvent> & { readonly id: string }): AlertEvent {
  return {
    v: 1,
    kind: 'ventricular-run',
    priority: 'medium',
    phase: 'start',
    t_ms: EPOCH_MS,
    start_t_ms: EPOCH_MS,
    start_sample: 0,
    sample: 0,
    text: 'Ventricular run, 4 beats at 162 bpm',
    evidence: {},
    silenced: false,
    silenced_until_ms: null,
    acknowledged: false,
    acknowledged_until_ms: null,
    latched: false,
    replay: true,
    ...change,
  };
}

/** An alarm of high priority that is over and stays until it is acknowledged. @param startMs when it began */
export function latchedFlutter(startMs: number): AlertEvent {
  return alertEvent({
    id: 'flutter',
    kind: 'ventricular_fibrillation',
    priority: 'high',
    phase: 'update',
    latched: true,
    start_t_ms: startMs,
    t_ms: startMs + 23_000,
    text: 'ventricular flutter, 23 s',
  });
}

export function healthEvent(change: Partial<HealthEvent> = {}): HealthEvent {
  return {
    v: 1,
    t_ms: EPOCH_MS,
    uptime_s: 60,
    source: {
      state: 'running',
      status: 'frames arrive at 360.0 Hz',
      measured_rate_hz: 360.01,
      drift_ppm: 12,
      frames_ok: 2160,
      frames_bad: 1,
      frames_lost: 0,
      samples_lost: 0,
      bytes_discarded: 17,
    },
    gaps: 0,
    queues: {},
    outbox: { bytes: 0, messages: 0, dropped: 0 },
    recorder: { state: 'recording', bytes_per_day: 93_000_000 },
    broker: { connected: true, url: 'mqtt://127.0.0.1:1883', reason: null },
    rss_mb: 91,
    cpu_percent: 6,
    temperature_c: null,
    latency_ms: { p50: 3, p95: 6, p99: 11 },
    ...change,
  };
}

function beatEvent(
  seq: number,
  sample: number,
  label: BeatLabel | null,
  rrMs: number | null,
  amplitudeMv: number,
): BeatEvent {
  const rest = { N: 0.01, V: 0.01, F: 0.01, '/': 0.01, f: 0.01, other: 0.01 };
  return {
    v: 1,
    id: `stage-${seq}`,
    seq,
    t_ms: timeOf(sample),
    t_quality: 'ntp',
    sample,
    rate_hz: PIPELINE_RATE_HZ,
    label,
    code: label === null || label === 'other' ? 'Q' : label,
    p: label === null ? null : 0.95,
    probabilities: label === null ? null : { ...rest, [label]: 0.95 },
    rr_ms: rrMs,
    rr_next_ms: null,
    hr_bpm: rrMs === null ? null : 60_000 / rrMs,
    amplitude_mv: amplitudeMv,
    quality: 0.97,
    lead: 'MLII',
    model: 'reference annotations',
    latency_ms: 8,
    replay: true,
  };
}
