import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AlertStrips } from '@rhythmd/daemon/publish/alert-strips.ts';
import { beatEvent } from '@rhythmd/daemon/publish/beat-event.ts';
import { Latency } from '@rhythmd/daemon/publish/latency.ts';
import { LeadReport } from '@rhythmd/daemon/publish/lead-report.ts';
import { WaveMemory } from '@rhythmd/daemon/publish/wave-memory.ts';
import { EC57_LABELS, type Samples } from '@rhythmd/ecg/types.ts';
import type { AlertEvent } from '@rhythmd/protocol/events.ts';

const facts = { sample: 1732320, amplitudeMv: 1.31049, rrBefore: 220, rrAfter: null };
const about = {
  id: '7f3a-004812',
  seq: 4812,
  timeMs: 1795349012345.4,
  timeQuality: 'ntp',
  quality: 0.876,
  lead: 'MLII',
  model: 'beatnet@1.0.0+3fa91c',
  labels: EC57_LABELS,
  latencyMs: 142.6,
  replay: false,
} as const;

test('a beat without a verdict says null, and is unclassifiable in WFDB', () => {
  const event = beatEvent(
    { ...facts, rrBefore: null },
    { label: null, probabilities: null },
    { ...about, model: null },
  );
  assert.equal(event.code, 'Q');
  for (const key of ['label', 'p', 'probabilities', 'rr_ms', 'rr_next_ms', 'hr_bpm', 'model'] as const) {
    assert.equal(event[key], null, key);
  }
});

test('a beat with its verdict: the fields of the contract, rounded', () => {
  const probabilities = Float32Array.of(0.0412, 0.0116, 0.934, 0.0091, 0.0041, 0, 0, 0);
  assert.deepEqual(beatEvent(facts, { label: 'V', probabilities }, about), {
    v: 1,
    id: '7f3a-004812',
    seq: 4812,
    t_ms: 1795349012345,
    t_quality: 'ntp',
    sample: 1732320,
    rate_hz: 360,
    label: 'V',
    code: 'V',
    p: 0.934,
    probabilities: { N: 0.0412, S: 0.0116, V: 0.934, F: 0.0091, Q: 0.0041 },
    rr_ms: 611,
    rr_next_ms: null,
    hr_bpm: 98.2,
    amplitude_mv: 1.31,
    quality: 0.88,
    lead: 'MLII',
    model: 'beatnet@1.0.0+3fa91c',
    latency_ms: 143,
    replay: false,
  });
});

test('the leads: unknown at first, then as the gate says, and stalled over everything', () => {
  const report = new LeadReport(['MLII', 'V5'], 0, 1000, (ms) => ms);
  assert.equal(report.event().quality, 'settling');
  const off = report.change({ lead: 0, sample: 700, quality: 'off' }, 2000);
  assert.deepEqual([off.connected, off.quality, off.since_ms, off.since_sample], [false, 'off', 2000, 700]);
  assert.match(off.reason!, /contact/);
  const other = report.change({ lead: 1, sample: 900, quality: 'good' }, 2500);
  assert.equal(other.since_sample, 700, 'the other lead does not change since when');
  const stalled = report.stalled('Nothing arrives.', 3000);
  assert.deepEqual(
    [stalled.connected, stalled.quality, stalled.reason],
    [false, 'stalled', 'Nothing arrives.'],
  );
  assert.equal(report.stalled(null, 4000).quality, 'off');
});

test('percentiles of no delays are unknown', () => {
  const latency = new Latency();
  assert.deepEqual(latency.percentiles(), { p50: null, p95: null, p99: null });
  for (let i = 1; i <= 5000; i++) latency.add(i % 100);
  assert.deepEqual(latency.percentiles(), { p50: 50, p95: 95, p99: 99 });
});

function samples(first: number, values: readonly number[], lost = 0): Samples {
  return { first, rateHz: 360, leads: [Float32Array.from(values)], count: values.length, flags: 0, lost };
}

test('a strip holds microvolts, E for what was lost, and is refused when nothing of it is held', () => {
  const memory = new WaveMemory(['MLII']);
  const strip = (first: number, count: number) =>
    memory.strip({ alertId: 'a', lead: 0, first, count, timeMs: 7.4 });
  assert.throws(() => strip(0, 10), { code: 'E_STRIP_GONE' });
  memory.push(samples(100, [1, -0.5]));
  memory.push(samples(104, [0.0014], 2));
  const { data, period, first_sample, t_ms } = strip(99, 7);
  assert.equal(data, 'E 1000 -500 E E 1 E');
  assert.deepEqual([period, first_sample, t_ms], [1000 / 360, 99, 7]);
  memory.push(samples(10_000_000, [1]));
  assert.throws(() => strip(100, 2), { code: 'E_STRIP_GONE' }, 'after a gap longer than the memory');
});

test('a strip is cut when its samples are there, however alerts overtake each other', () => {
  const cut: string[] = [];
  const strips = new AlertStrips((id) => cut.push(id));
  const alert = (id: string, first: number) =>
    ({
      id,
      phase: 'start',
      evidence: { strip_first_sample: first, strip_sample_count: 100 },
    }) as unknown as AlertEvent;
  strips.alert(alert('late', 500));
  strips.alert(alert('early', 0));
  strips.alert({ ...alert('update', 0), phase: 'update' });
  strips.advance(99);
  assert.deepEqual(cut, []);
  strips.advance(100);
  assert.deepEqual(cut, ['early']);
  strips.flush();
  assert.deepEqual(cut, ['early', 'late']);
  for (let i = 0; i < 40; i++) strips.alert(alert(`storm ${i}`, 1e9));
  assert.equal(strips.waiting, 32);
});
