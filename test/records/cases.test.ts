/** Inputs that failed once, as their notes describe them. Kept beside the record folders; the kinds are tested elsewhere, too. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { SignalStages } from '@rhythmd/daemon/signal-stages.ts';
import type { Board } from '@rhythmd/ecg/boards/board.ts';
import { cyton } from '@rhythmd/ecg/boards/cyton.ts';
import { healthypi5 } from '@rhythmd/ecg/boards/healthypi5.ts';
import { clearestLead } from '@rhythmd/ecg/signal/clearest-lead.ts';
import { findBesideRecords } from '@rhythmd/records/folders.ts';
import { openRecord } from '@rhythmd/records/open-record.ts';
import { writeLongRecord } from '@rhythmd/records/write-record.ts';
import { runCommand } from '../support/command.ts';
import { freePort } from '../support/mosquitto.ts';
import { needsCases, needsProgram } from '../support/needs.ts';
import { decodeAll, samplesOf } from '../support/streams.ts';
import { until } from '../support/until.ts';

const cases = findBesideRecords('../cases/records');
const needs = needsCases(cases, 'cases/records');
const folder = mkdtempSync(join(tmpdir(), 'rhythmd-cases-'));
after(() => rmSync(folder, { recursive: true }));
const out = (name: string) => join(folder, name);
/** Without a model: the stages and the files are what is tested. */
const environment = { RHYTHMD_MODEL_PATH: '' };

async function run(words: string[], withModel = false): Promise<{ out: string; err: string }> {
  const { status, out: said, err } = await runCommand(words, withModel ? {} : environment);
  assert.equal(status, 0, `${words.join(' ')}: ${err}`);
  return { out: said, err };
}

async function exported(record: string, format: string, ...more: string[]): Promise<string> {
  const path = out(`exported.${format}`);
  await run(['export', join(cases!, record), '--format', format, '--out', path, ...more]);
  return readFileSync(path, 'latin1');
}

async function largest(record: string): Promise<{ head: string; value: number }> {
  const [head = '', ...lines] = (await exported(record, 'csv')).trimEnd().split('\n');
  return { head, value: Math.max(...lines.map((line) => Number(line.split(',').at(-1)))) };
}

async function cut(record: string): Promise<string> {
  await run(['strip', join(cases!, record), '--out', out('cut')]);
  return readFileSync(out('cut.hea'), 'latin1');
}

test('01 checksums modulo 65,536', needs, async () => {
  const { out: said, err } = await run([
    'analyze',
    join(cases!, '01-unsigned-checksum/u01'),
    '--out',
    folder,
  ]);
  assert.match(said, /^u01, lead ECG0: 71 beats/);
  assert.equal(err, '');
});

test('03 voltages by any spelling; adu is none; a strip keeps the unit', needs, async () => {
  for (const name of ['00', '01', '02', '03', '04', '05', '06', '07', '08', '09']) {
    const { head, value } = await largest(`03-units/m${name}`);
    assert.equal(head, 'sample,time_s,ECG_mV');
    assert.ok(Math.abs(value - 1.005) < 0.001, `m${name}: ${value}`);
  }
  assert.equal((await largest('03-units/m10')).head, 'sample,time_s,ECG_adu');
  const { status, err } = await runCommand(
    ['analyze', join(cases!, '03-units/m10'), '--out', folder],
    environment,
  );
  assert.equal(status, 1);
  assert.match(err, /^E_NO_ECG: .*m10.*ECG, adu/);
  assert.match(await cut('03-units/m00'), /0\.2\(0\)\/uV/);
});

test('04 a name with a slash', needs, async () => {
  assert.ok((await exported('04-name-with-slash/s04', 'csv')).length > 1000);
});

test('05 dates that do not exist are none', needs, async () => {
  for (let i = 0; i <= 10; i++) {
    const name = `05-dates/d${String(i).padStart(2, '0')}`;
    const { effectivePeriod } = JSON.parse(await exported(name, 'fhir', '--seconds', '1'));
    assert.equal(effectivePeriod?.start, i === 4 ? '2020-02-01T09:05:03.000Z' : undefined, name);
  }
});

test('06 comments byte by byte', needs, async () => {
  for (const name of ['a06', 'b06']) {
    const comments = readFileSync(join(cases!, '06-comments', `${name}.hea`), 'latin1')
      .split('\n')
      .slice(2);
    assert.ok((await cut(`06-comments/${name}`)).endsWith(comments.join('\n')), name);
  }
});

test('10 the first ECG is analysed, other signals keep their units', needs, async () => {
  const record = '10-first-not-ecg/p10';
  assert.match(
    (await run(['analyze', join(cases!, record), '--out', folder])).out,
    /^p10, lead II: 71 beats/,
  );
  assert.match(await exported(record, 'csv'), /^sample,time_s,ABP_mmHg,II_mV\n0,0\.0000,80\.0000,/);
  const edf = await exported(record, 'edf');
  assert.deepEqual(
    [edf.slice(256, 272), edf.slice(256 + 3 * 96, 256 + 3 * 96 + 8)].map((text) => text.trim()),
    ['ABP', 'mmHg'],
  );
  const [pressure] = JSON.parse(await exported(record, 'fhir', '--seconds', '1')).component;
  assert.equal(pressure.valueSampledData.origin.unit, 'mmHg');
  const [first] = pressure.valueSampledData.data.split(' ');
  assert.ok(Math.abs(Number(first) * pressure.valueSampledData.factor - 80) < 0.01);
});

test('13 zeros and lost samples leave the beats after them as they were', needs, async () => {
  for (const name of ['z13', 'n13']) {
    const { out: said } = await run(['analyze', join(cases!, '13-gaps', name), '--out', folder], true);
    assert.match(said, new RegExp(`^${name}, lead ECG0: 4[5-7] beats \\(N 4[5-7]\\)`));
    assert.equal(readFileSync(out(`${name}.rhy`), 'latin1').includes('(VT'), false);
  }
  for (const name of ['allzero', 'allnan']) {
    const { out: said } = await run(['analyze', join(cases!, '13-gaps', name), '--out', folder]);
    assert.match(said, /: 0 beats \(\), 20 s unreadable/);
  }
});

test('14 annotation files of every kind', needs, async () => {
  const lines = async (annotator: string) =>
    (await exported('14-annotations/a14', 'beats', '--annotator', annotator)).trimEnd().split('\n');
  const reference = await lines('atr');
  assert.equal(reference.length, 72);
  assert.deepEqual(await lines('tr'), reference);
  assert.equal((await lines('emp')).length, 1);
  assert.equal((await lines('zero')).length, 1);
  assert.equal((await lines('noeof')).length, 6);
  for (const annotator of ['c46', 'cus', 'huge', 'neg', 'subchn']) {
    assert.ok((await lines(annotator)).length > 3, annotator);
  }
});

test('30 years outside 1985 to 2084 are written as yy', needs, async () => {
  for (const [name, date, start] of [
    ['e00', '02.03.yy', '02-MAR-2137'],
    ['e01', '02.03.yy', '02-MAR-1972'],
    ['e02', '02.03.84', '02-MAR-2084'],
    ['e03', '02.03.20', '02-MAR-2020'],
  ] as const) {
    const edf = await exported(`30-edf-dates/${name}`, 'edf', '--seconds', '1');
    assert.equal(edf.slice(168, 176), date);
    assert.match(edf.slice(88, 168), new RegExp(`^Startdate ${start} `));
  }
});

test('31 labels of EDF are different; odd gains are kept', needs, async () => {
  for (const name of ['g31', 'h31', 'k31', 'l31']) {
    const edf = await exported(`31-edf-labels/${name}`, 'edf', '--seconds', '1');
    const signals = Number(edf.slice(252, 256));
    const labels = Array.from({ length: signals }, (_, i) => edf.slice(256 + 16 * i, 272 + 16 * i).trim());
    assert.equal(new Set(labels).size, signals, labels.join(', '));
  }
});

test('32 a day and a half in one EDF+ file, in bounded memory', async () => {
  const seconds = 36 * 3600;
  const rateHz = 50;
  const minute = Int16Array.from({ length: 60 * rateHz }, (_, i) => (i % 40 === 0 ? 1000 : (i * 7) % 50));
  writeLongRecord(out('long'), {
    rateHz,
    format: 16,
    signals: [{ name: 'II', gain: 1000, baseline: 0 }],
    blocks: Array.from({ length: seconds / 60 }, () => [minute]),
  });
  await run(['export', out('long'), '--format', 'edf', '--out', out('long.edf')]);
  const edf = openRecord(out('long.edf'), {});
  assert.equal(edf.sampleCount, seconds * rateHz);
  const [last] = edf.read(edf.sampleCount - minute.length, minute.length);
  assert.deepEqual(last, Int32Array.from(minute));
  edf.close();
});

/** Peaks found on the lead that the daemon would choose by itself. */
function heard(board: Board, chunks: Iterable<Uint8Array>): { rateHz: number; leads: number; peaks: number } {
  const decoded = decodeAll(board.createDecoder(), chunks);
  const { rateHz, leadNames } = decoded.descriptions.at(-1)!;
  const last = decoded.stretches.filter(({ leads }) => leads.length === leadNames.length);
  const leads = leadNames.map((_, lead) => last.flatMap((stretch) => stretch.leads[lead]!));
  const chosen = clearestLead(
    leads.map((lead) => Float32Array.from(lead)),
    rateHz,
  );
  let peaks = 0;
  const options = { leads: 1, analysedLead: 0, channels: 'replicated', normalisation: 'running' } as const;
  const stages = new SignalStages(
    { ...options, rateHz },
    { samples() {}, quality() {}, beat() {}, peak: () => peaks++ },
  );
  stages.push(samplesOf([leads[chosen]!], rateHz));
  stages.flush();
  return { rateHz, leads: leads.length, peaks };
}

test(
  '15 a Cyton with a Daisy is sixteen leads at 125 Hz; its ECG is found, whichever board has it',
  needs,
  () => {
    const bytes = execFileSync(process.execPath, [join(cases!, '15-daisy/daisy.mjs'), 'daisy'], {
      maxBuffer: 1e7,
    });
    const chunks = Array.from({ length: Math.ceil(bytes.length / 412) }, (_, i) =>
      bytes.subarray(412 * i, 412 * (i + 1)),
    );
    const { rateHz, leads, peaks } = heard(cyton, chunks);
    assert.deepEqual([rateHz, leads], [125, 16]);
    // 40 s at 75/min.
    assert.ok(peaks >= 47 && peaks <= 50, `${peaks} peaks`);
  },
);

const withPython = 'skip' in needs ? needs : needsProgram('python3');
test('16 a HealthyPi 5 with firmware 1.0.0: its packets of eight samples', withPython, async () => {
  const port = await freePort();
  const board = spawn('python3', [join(cases!, '16-healthypi5-firmware1/hp5.py'), `${port}`, 'le', '8']);
  const chunks: Uint8Array[] = [];
  try {
    let socket: Socket | null = null;
    await until(async () => {
      const trial = connect(port, '127.0.0.1').on('error', () => {});
      await new Promise((resolve) => trial.once('connect', resolve).once('close', resolve));
      if (!trial.connecting && !trial.destroyed) socket = trial;
      return socket !== null;
    }, 'the board listens');
    socket!.on('data', (chunk) => chunks.push(chunk));
    await once(socket!, 'close');
  } finally {
    board.kill();
  }
  const { rateHz, peaks } = heard(healthypi5, chunks);
  assert.equal(rateHz, 128);
  // At most 8 s at 75/min, the first of them while the detector learns.
  assert.ok(peaks >= 5 && peaks <= 10, `${peaks} peaks`);
});
