import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Answer } from '@rhythmd/daemon/web/respond.ts';
import { reviewRoutes } from '@rhythmd/daemon/web/review/review-routes.ts';
import { findRoute } from '@rhythmd/daemon/web/route.ts';
import { formatAnnotations } from '@rhythmd/ecg/wfdb/annotation.ts';
import { AnnotationCode } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import { decodeWaveFrame, WAVE_HEADER_BYTES } from '@rhythmd/protocol/wave-frame.ts';

const RATE_HZ = 360;
const HOUR_MS = 3600_000;
const START_MS = Date.UTC(2026, 0, 15, 9, 0);
let folder = '';

/** Two minutes of one lead, format 16: a ramp of 1 µV a sample; a beat each second, each tenth one V. */
async function record(name: string, time: string, seconds: number): Promise<void> {
  const samples = Int16Array.from({ length: seconds * RATE_HZ }, (_, i) => i % 3600);
  await writeFile(
    join(folder, `${name}.hea`),
    `${name} 1 ${RATE_HZ} ${samples.length} ${time} 15/01/2026\n${name}.dat 16 1000(0)/mV 16 0\n`,
  );
  await writeFile(join(folder, `${name}.dat`), new Uint8Array(samples.buffer));
  const beats = Array.from({ length: seconds - 1 }, (_, i) => ({
    sample: (i + 1) * RATE_HZ,
    code: i % 10 === 9 ? AnnotationCode.ventricularPremature : AnnotationCode.normal,
    subtype: 0,
    channel: 0,
    num: 0,
    aux: null,
  }));
  await writeFile(join(folder, `${name}.atr`), formatAnnotations(beats));
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'review-'));
  await record('first', '09:00:00', 120);
  await record('second', '09:02:00', 120);
  await writeFile(join(folder, 'broken.hea'), 'nonsense');
});
after(() => rm(folder, { recursive: true }));

async function get(path: string): Promise<Answer> {
  const url = new URL(path, 'http://page');
  const found = findRoute(reviewRoutes(folder), url.pathname);
  assert.ok(found);
  return found.route.answer({ params: found.params, query: url.searchParams });
}

async function getJson<T>(path: string): Promise<T> {
  const answer = await get(path);
  return JSON.parse(String(answer.body)) as T;
}

const span = (fromS: number, toS: number) =>
  `from_ms=${START_MS + fromS * 1000}&to_ms=${START_MS + toS * 1000}`;

test('bad stretches are refused: none, backwards, nonsense, longer than a page needs', async () => {
  for (const query of [
    '',
    'from_ms=5&to_ms=5',
    'from_ms=x&to_ms=9',
    span(0, 0),
    `from_ms=0&to_ms=${3 * HOUR_MS}`,
  ]) {
    assert.equal((await get(`/api/review/wave?${query}`)).status, 400, query);
  }
  assert.equal((await get(`/api/review/outline?${span(0, 60)}&columns=1e9`)).status, 400);
});

test('a folder that is not there is an empty list', async () => {
  const [list] = reviewRoutes('/no/such/folder');
  const answer = await list!.answer({ params: {}, query: new URLSearchParams() });
  assert.deepEqual(JSON.parse(String(answer.body)), { recordings: [], unreadable: 0 });
});

test('recordings are listed by time, damaged ones counted', async () => {
  const { recordings, unreadable } = await getJson<{
    recordings: { name: string; start_ms: number; end_ms: number }[];
    unreadable: number;
  }>('/api/review');
  assert.deepEqual(
    recordings.map(({ name, start_ms, end_ms }) => [name, start_ms - START_MS, end_ms - START_MS]),
    [
      ['first', 0, 120_000],
      ['second', 120_000, 240_000],
    ],
  );
  assert.equal(unreadable, 1);
});

test('the trend knows 60 bpm, the ventricular beats, and what was not recorded', async () => {
  const trend = await getJson<{
    mean: (number | null)[];
    counts: { V: number[] };
    recorded: number[];
  }>(`/api/review/trend?${span(-60, 300)}`);
  assert.deepEqual(trend.mean, [null, 60, 60, 60, 60, null]);
  assert.deepEqual(trend.counts.V, [0, 5, 6, 5, 6, 0]);
  assert.deepEqual(trend.recorded, [0, 1, 1, 1, 1, 0]);
});

test('a stretch across the cut is one stretch', async () => {
  const { body, headers } = await get(`/api/review/wave?${span(110, 130)}`);
  assert.equal(headers?.['x-rate-hz'], '360');
  const bytes = Uint8Array.from(body as Uint8Array);
  const seen = new Map<number, number>();
  for (let at = 0; at < bytes.length; ) {
    const count = new DataView(bytes.buffer).getUint16(at + 2, true);
    const length = WAVE_HEADER_BYTES + 2 * count;
    const frame = decodeWaveFrame(bytes.buffer.slice(at, at + length));
    assert.ok(frame);
    frame.samples.forEach((value, i) => {
      seen.set(frame.first + i, value);
    });
    at += length;
  }
  assert.equal(seen.size, 20 * RATE_HZ);
  assert.ok(Math.abs(seen.get(0)! - ((110 * RATE_HZ) % 3600) / 1000) < 0.001);
  assert.ok(Math.abs(seen.get(10 * RATE_HZ)! - 0) < 0.001, 'the second recording begins');
  const beats = await getJson<{ t_ms: number[]; labels: string[] }>(`/api/review/beats?${span(110, 130)}`);
  assert.equal(beats.t_ms.length, 19);
  assert.ok(beats.labels.includes('V'));
});

test('the outline keeps every extreme and leaves holes where nothing was recorded', async () => {
  const { body } = await get(`/api/review/outline?${span(110, 250)}&columns=14`);
  const values = new Int16Array(Uint8Array.from(body as Uint8Array).buffer);
  assert.equal(values[0], 0);
  assert.equal(values[1], 3599);
  assert.equal(values.at(-1), -32768);
});

test('a strip comes as PDF, and one of nothing does not', async () => {
  const { body, type } = await get(`/api/review/strip.pdf?${span(10, 25)}`);
  assert.equal(type, 'application/pdf');
  assert.equal(Buffer.from(body).toString('latin1', 0, 5), '%PDF-');
  assert.equal((await get(`/api/review/strip.pdf?${span(-60, -30)}`)).status, 404);
});

test('alerts that stood in a stretch are told, for whoever prints it', async () => {
  const line = (phase: string, atS: number) =>
    JSON.stringify({
      topic: 'alert',
      id: 'a',
      kind: 'pause',
      priority: 'medium',
      phase,
      t_ms: START_MS + atS * 1000,
      start_t_ms: START_MS + 30_000,
    });
  await writeFile(
    join(folder, 'alerts_20260115.jsonl'),
    `${line('start', 30)}\n${line('end', 40)}\n{"topic":"al`,
  );
  const alarms = { alarms: [{ kind: 'pause', priority: 'medium' }] };
  assert.deepEqual(await getJson(`/api/review/alarms?${span(38, 50)}`), alarms);
  assert.deepEqual(await getJson(`/api/review/alarms?${span(41, 50)}`), { alarms: [] });
});

test('templates are the mean of a class, zero before the QRS', async () => {
  const { lead, templates } = await getJson<{
    lead: string;
    templates: { label: string; used: number; mean: number[] }[];
  }>(`/api/review/templates?${span(0, 120)}`);
  assert.equal(lead, 'signal 0');
  assert.deepEqual(
    templates.map(({ label, used }) => [label, used]),
    [
      ['N', 108],
      ['V', 11],
    ],
  );
  assert.equal(templates[0]!.mean.length, 288);
});
