/**
 * The Debian package on the paper's device, emulated: a piece of a record, replayed and from a board on a serial port,
 * gives the beats on the broker and the annotation file that it gives here, bit for bit, whoever runs the networks.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { readRecord } from '@rhythmd/records/read-record.ts';
import { writeRecord } from '@rhythmd/records/write-record.ts';
import { type Device, ZERO, ZERO_2 } from '../support/emulated/device.ts';
import { boardBytes, type Played, play, quietBoard } from '../support/emulated/played.ts';
import { needsFound, needsProgram, needsRecord, repositoryRoot } from '../support/needs.ts';

const SECONDS = 20;
const GAIN = 200;
/** What lies before it is the same. The end may be missing: on a busy emulator a daemon that ends does not wait longer for its disk. */
const END_MARK_BYTES = 2;
/** A board falls silent at its end, and seems to in the middle where an emulator stands still: so most of it is on the disk then. */
const SILENT = /E_SOURCE_(?![\s\S]*Receiving samples)/;
const MOST_BYTES = 0.9 * SECONDS * 360 * 2;
/** Times life: the emulated ones are as fast, on a machine that does nothing else. */
const SPEED = 4;

const folder = mkdtempSync(join(tmpdir(), 'rhythmd-device-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const record = join(folder, 'piece');
let sent: Buffer;
const needs =
  [needsRecord('233'), needsProgram('socat', 'dpkg-deb', 'qemu-arm')].find(({ skip }) => skip) ?? {};

/** What is installed: the package alone, and the package with onnxruntime beside it. */
const alone = join(folder, 'alone/usr/lib/rhythmd');
const withRuntime = join(folder, 'with-runtime/usr/lib/rhythmd');

before(() => {
  if (needs.skip !== undefined) return;
  const { leads } = readRecord('233');
  // One lead: a second one counts from whichever block on it is readable, and blocks are cut by the clock.
  const adc = Array.from(leads[0]!.subarray(0, SECONDS * 360), (value) => Math.round(value * GAIN));
  const signals = [{ name: 'MLII', gain: GAIN, baseline: 0, adc }];
  writeRecord(record, { rateHz: 360, format: 16, signals });
  sent = boardBytes(record);
  const env = { ...process.env, RHYTHMD_DIST_FOLDER: join(folder, 'dist') };
  const packed = execFileSync('npm', ['run', '--silent', 'package', '--', 'deb'], {
    cwd: repositoryRoot,
    env,
  });
  const path = packed.toString().trim().split('\n').at(-1)!;
  execFileSync('dpkg-deb', ['-x', path, join(folder, 'alone')]);
  cpSync(join(folder, 'alone'), join(folder, 'with-runtime'), { recursive: true });
  symlinkSync(join(repositoryRoot, 'node_modules'), join(withRuntime, 'node_modules'));
});

const replayed = (t: TestContext, node: readonly string[], place: string): Promise<Played> =>
  play(t, {
    command: [...node, join(place, 'rhythmd.js')],
    environment: {},
    source: `wfdb://${record}?speed=${SPEED}`,
    isOver: (said) => said.includes('The end of'),
  });

async function fromBoard(t: TestContext, node: readonly string[], place: string): Promise<Played> {
  const port = join(mkdtempSync(join(folder, 'port-')), 'ecg');
  const { begin } = await quietBoard(t, port, sent, SECONDS / SPEED);
  const source = `serial://${port}?baud=115200&speed=${SPEED}`;
  const environment = { RHYTHMD_SOURCE_BOARD: 'native' };
  return play(t, {
    command: [...node, join(place, 'rhythmd.js')],
    environment,
    source,
    begin,
    isOver: (said, recordedBytes) => recordedBytes > MOST_BYTES && SILENT.test(said),
  });
}

const here = [process.execPath];
let replay: Played;
let board: Played;

test('here both executors say the same of a replay, and of a board', needs, async (t) => {
  const [own, ownBoard] = [await replayed(t, here, alone), await fromBoard(t, here, alone)];
  replay = await replayed(t, here, withRuntime);
  board = await fromBoard(t, here, withRuntime);
  assert.deepEqual([own.executor, replay.executor], ['integer', 'onnxruntime']);
  same(own, replay);
  same(ownBoard, board);
});

const there = ({ name, find }: Device): { skip?: string } =>
  needs.skip === undefined ? needsFound(name, find) : needs;

test(`${ZERO_2.name} says of a replay and of a board what is said here`, there(ZERO_2), async (t) => {
  const node = ZERO_2.command(folder);
  // Both at once: while one waits for its signal the other one starts.
  const [own, ownBoard] = await Promise.all([replayed(t, node, alone), fromBoard(t, node, alone)]);
  assert.equal(own.executor, 'integer');
  same(own, replay);
  same(ownBoard, board);
});

test(`${ZERO.name} says of a replay and of a board what is said here`, there(ZERO), async (t) => {
  const node = ZERO.command(folder);
  const [own, ownBoard] = await Promise.all([replayed(t, node, alone), fromBoard(t, node, alone)]);
  assert.equal(own.executor, 'integer');
  same(own, replay);
  same(ownBoard, board);
});

test(
  'a Cortex-A53 with onnxruntime says the same',
  needs.skip === undefined ? needsFound('a Cortex-A53', ZERO_2.find) : needs,
  async (t) => {
    const own = await replayed(t, ZERO_2.command(folder), withRuntime);
    assert.equal(own.executor, 'onnxruntime');
    same(own, replay);
  },
);

function same(a: Played, b: Played): void {
  // Who subscribes late to a busy machine misses the first ones: beats are compared by their number.
  const bySeq = new Map(b.beats.map((beat) => [beat.seq, beat]));
  const both = a.beats.filter(({ seq }) => bySeq.has(seq));
  assert.deepEqual(
    both,
    both.map(({ seq }) => bySeq.get(seq)),
  );
  assert.ok(both.length > 5 && both.some(({ label }) => label === 'V'), `${both.length} beats`);
  const [shorter, longer] = [a.annotations, b.annotations].sort((one, other) => one.length - other.length);
  const common = shorter!.length - END_MARK_BYTES;
  assert.deepEqual(shorter!.subarray(0, common), longer!.subarray(0, common));
  assert.ok(common > 0.8 * longer!.length, `${shorter!.length} of ${longer!.length} bytes`);
}
