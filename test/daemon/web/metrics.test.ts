/** `/metrics` as Prometheus' own checker reads it. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { type MetricsInput, renderMetrics } from '@rhythmd/daemon/web/metrics.ts';
import { needsProgram } from '../../support/needs.ts';
import { healthEvent, leadEvent, vitalsEvent } from '../../support/stage.ts';

const QUEUES = {
  verdicts_waiting: 1,
  outbox_messages: 12,
  broker_clients: 2,
  alerts_standing: 1,
  mqtt_sent: 4000,
  web_clients_closed: 1,
  recorder_bytes: 1e9,
};

const full: MetricsInput = {
  device: 'ward "3"\nbed\\4',
  model: {
    name: 'beatnet',
    version: '1.0.0',
    sha256: 'ab',
    labels: ['N', 'V'],
    measured: {},
    exact: true,
    executor: { name: 'integer', kernel: 'webassembly', why: 'onnxruntime-node is not installed' },
  },
  health: healthEvent({ queues: QUEUES }),
  vitals: vitalsEvent({ hr_bpm: 71.5, beats_per_min: { N: 70, V: 2, F: 0, '/': 0, f: 0, other: 0 } }),
  lead: leadEvent(),
  counters: { web_samples_skipped: 360 },
};
const empty: MetricsInput = { device: '', model: null, health: null, vitals: null, lead: null, counters: {} };

for (const [name, input] of [
  ['everything known', full],
  ['nothing known yet', empty],
] as const) {
  test(`promtool finds nothing to say: ${name}`, needsProgram('promtool'), () => {
    // Exit status 3 is a warning, and is thrown here as well.
    const said = execFileSync('promtool', ['check', 'metrics'], {
      input: renderMetrics(input),
      encoding: 'utf8',
    });
    assert.equal(said, '');
  });
}

test('what can go down is a gauge, what only grows a counter', () => {
  const text = renderMetrics(full);
  for (const name of ['verdicts_waiting', 'outbox_messages', 'broker_clients', 'alerts_standing']) {
    assert.match(text, new RegExp(`^rhythmd_queue\\{name="${name}"\\} `, 'm'));
  }
  for (const name of ['mqtt_sent', 'web_clients_closed', 'recorder_bytes', 'web_samples_skipped']) {
    assert.match(text, new RegExp(`^rhythmd_events_total\\{name="${name}"\\} `, 'm'));
  }
  assert.match(text, /^# TYPE rhythmd_beat_latency_seconds summary$/m);
});

test('memory the kernel does not tell is left out', () => {
  assert.doesNotMatch(renderMetrics({ ...full, health: healthEvent({ rss_mb: null }) }), /resident_memory/);
});
