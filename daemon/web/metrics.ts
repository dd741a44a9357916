/** `/metrics` in the Prometheus text format (version 0.0.4). Unknown values are left out, never 0. */

import type { HealthEvent, LeadEvent, ModelCardSummary, VitalsEvent } from '@rhythmd/protocol/events.ts';
import { MEGABYTE } from '@rhythmd/shell/megabyte.ts';

interface Metric {
  readonly name: string;
  readonly type: 'gauge' | 'counter' | 'summary';
  readonly help: string;
  readonly samples: readonly { readonly labels?: string; readonly value: number | null | undefined }[];
}

export interface MetricsInput {
  readonly device: string;
  readonly model: ModelCardSummary | null;
  readonly health: HealthEvent | null;
  readonly vitals: VitalsEvent | null;
  readonly lead: LeadEvent | null;
  readonly counters: Readonly<Record<string, number>>;
}

export function renderMetrics(input: MetricsInput): string {
  return metricsOf(input)
    .map((metric) => renderMetric(metric))
    .join('');
}

function metricsOf({ device, model, health, vitals, lead, counters }: MetricsInput): Metric[] {
  const one = (
    name: string,
    type: Metric['type'],
    help: string,
    value: number | null | undefined,
  ): Metric => ({
    name,
    type,
    help,
    samples: [{ value }],
  });
  const named = Object.entries({ ...health?.queues, ...counters });
  const byName = (
    name: string,
    type: Metric['type'],
    help: string,
    belongs: (key: string) => boolean,
  ): Metric => ({
    name,
    type,
    help,
    samples: named
      .filter(([key]) => belongs(key))
      .map(([key, value]) => ({ labels: `name="${escapeLabel(key)}"`, value })),
  });
  const source = health?.source;
  return [
    {
      name: 'rhythmd_info',
      type: 'gauge',
      help: 'Which device this is.',
      samples: [{ labels: `device="${escapeLabel(device)}"`, value: 1 }],
    },
    {
      name: 'rhythmd_model_info',
      type: 'gauge',
      help: 'Which model names the beats, and who runs it; absent without one.',
      samples: model === null ? [] : [{ labels: modelLabels(model), value: 1 }],
    },
    one('rhythmd_uptime_seconds', 'gauge', 'Time since the start.', health?.uptime_s),
    one('rhythmd_heart_rate_bpm', 'gauge', 'Heart rate; absent when unknown.', vitals?.hr_bpm),
    one(
      'rhythmd_lead_connected',
      'gauge',
      'Whether the electrodes have contact.',
      lead && Number(lead.connected),
    ),
    {
      name: 'rhythmd_beats_per_minute',
      type: 'gauge',
      help: 'Beats of the last minute by class.',
      samples: Object.entries(vitals?.beats_per_min ?? {}).map(([label, value]) => ({
        labels: `class="${escapeLabel(label)}"`,
        value,
      })),
    },
    one('rhythmd_source_rate_hz', 'gauge', 'Measured sample rate.', source?.measured_rate_hz),
    one('rhythmd_source_drift_ppm', 'gauge', 'Board clock against ours.', source?.drift_ppm),
    {
      name: 'rhythmd_source_frames_total',
      type: 'counter',
      help: 'Frames from the board.',
      samples: [
        { labels: 'state="ok"', value: source?.frames_ok },
        { labels: 'state="bad"', value: source?.frames_bad },
        { labels: 'state="lost"', value: source?.frames_lost },
      ],
    },
    one('rhythmd_samples_lost_total', 'counter', 'Samples lost in gaps.', source?.samples_lost),
    one('rhythmd_gaps_total', 'counter', 'Gaps in the stream.', health?.gaps),
    one(
      'rhythmd_broker_connected',
      'gauge',
      'Whether the MQTT broker is connected.',
      health && Number(health.broker.connected),
    ),
    one('rhythmd_outbox_messages', 'gauge', 'Messages waiting for the broker.', health?.outbox?.messages),
    one('rhythmd_outbox_bytes', 'gauge', 'Bytes waiting for the broker.', health?.outbox?.bytes),
    one(
      'rhythmd_outbox_dropped_total',
      'counter',
      'Messages given up at the bound.',
      health?.outbox?.dropped,
    ),
    one('rhythmd_resident_memory_bytes', 'gauge', 'Resident memory.', scaled(health?.rss_mb, MEGABYTE)),
    one('rhythmd_cpu_percent', 'gauge', 'Share of one core.', health?.cpu_percent),
    one('rhythmd_temperature_celsius', 'gauge', 'Processor temperature.', health?.temperature_c),
    {
      name: 'rhythmd_beat_latency_seconds',
      type: 'summary',
      help: 'From the sample that completes a beat to its message.',
      samples: (['p50', 'p95', 'p99'] as const).map((quantile) => ({
        labels: `quantile="0.${quantile.slice(1)}"`,
        value: scaled(health?.latency_ms[quantile], 1 / 1000),
      })),
    },
    byName('rhythmd_queue', 'gauge', 'What waits, stands or is connected, by name.', (name) => isLevel(name)),
    byName(
      'rhythmd_events_total',
      'counter',
      'What happened since the start, by name.',
      (name) => !isLevel(name),
    ),
  ];
}

/** Of the counters that health carries under one name each: those that go down again. */
function isLevel(name: string): boolean {
  return /_(waiting|messages|unstored|in_flight|clients|standing)$/.test(name);
}

function modelLabels({ name, version, executor }: ModelCardSummary): string {
  const { kernel } = executor;
  const facts = { name, version, executor: executor.name, ...(kernel === null ? {} : { kernel }) };
  return Object.entries(facts)
    .map(([key, value]) => `${key}="${escapeLabel(value)}"`)
    .join();
}

function renderMetric({ name, type, help, samples }: Metric): string {
  const lines = samples
    .filter(({ value }) => value !== null && value !== undefined && Number.isFinite(value))
    .map(({ labels, value }) => `${name}${labels === undefined ? '' : `{${labels}}`} ${value}\n`);
  return lines.length === 0 ? '' : `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

function scaled(value: number | null | undefined, factor: number): number | null {
  return value === null || value === undefined ? null : value * factor;
}

function escapeLabel(text: string): string {
  return text.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`));
}
