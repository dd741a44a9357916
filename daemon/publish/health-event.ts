/** How source, queues, delivery and this process are doing, as one message. */
import type { HealthEvent } from '@rhythmd/protocol/events.ts';
import type { SourceStatistics } from '../source/source.ts';

export interface HealthFacts {
  readonly nowMs: number;
  readonly uptimeMs: number;
  readonly source: SourceStatistics;
  readonly queues: Readonly<Record<string, number>>;
  readonly delivery: Pick<HealthEvent, 'broker' | 'outbox' | 'recorder'>;
  readonly process: Pick<HealthEvent, 'rss_mb' | 'cpu_percent' | 'temperature_c'>;
  readonly latency: HealthEvent['latency_ms'];
}

export function healthEvent(facts: HealthFacts): HealthEvent {
  const { source, delivery } = facts;
  return {
    v: 1,
    t_ms: Math.round(facts.nowMs),
    uptime_s: Math.round(facts.uptimeMs / 1000),
    source: sourceHealth(source),
    gaps: source.gaps,
    queues: facts.queues,
    outbox: delivery.outbox,
    recorder: delivery.recorder,
    broker: delivery.broker,
    ...facts.process,
    latency_ms: facts.latency,
  };
}

/** A source without frames (a record from its file) has lost none. */
function sourceHealth({ state, status, frames, ...figures }: SourceStatistics): HealthEvent['source'] {
  return {
    state,
    status,
    measured_rate_hz: rounded(figures.measuredRateHz, 2),
    drift_ppm: rounded(figures.driftPpm, 0),
    frames_ok: frames?.good ?? 0,
    frames_bad:
      frames === null ? 0 : frames.badChecksum + frames.badFooter + frames.oversize + frames.outOfRange,
    frames_lost: frames?.lost ?? 0,
    samples_lost: figures.samplesLost,
    bytes_discarded: frames?.bytesDiscarded ?? 0,
  };
}

function rounded(value: number | null, digits: number): number | null {
  return value === null ? null : Math.round(value * 10 ** digits) / 10 ** digits;
}
