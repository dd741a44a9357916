/** Every board: simulator -> pty -> daemon -> MQTT, two minutes of record 208 against the direct replay. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { boards } from '@rhythmd/ecg/boards/registry.ts';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { PIPELINE_RATE_HZ } from '@rhythmd/ecg/types.ts';
import { isBeatCode } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import { readAnnotationFile, readAnnotations } from '@rhythmd/records/read-annotations.ts';
import { runCommand } from '../support/command.ts';
import { startSimulator } from '../support/simulator.ts';
import { type Agreement, matchBeats } from './boards/beat-matching.ts';
import { HeardDaemon } from './boards/heard-daemon.ts';
import type { BenchTopic } from './topic.ts';

const RECORD = '208';
const SECONDS = 120;
/** The last beats are complete only with what follows. */
const JUDGED_S = 116;
const SPEED = 10;
/** The simulated ATmega328P runs at some nine times life. */
const FIRMWARE_SPEED = 2;
const TARGET_POINTS = 1;
const WITHIN_MS = 180_000;

interface Row extends Agreement {
  readonly board: string;
  readonly samplesLost: number;
  readonly measuredRateHz: number | null;
}

export const topic: BenchTopic = {
  summary: `every board through a pty into the daemon, ${SECONDS} s of record ${RECORD} against the direct replay`,
  async run(args, progress) {
    const direct = await replayDirectly();
    progress(`direct replay: ${describe(direct)}`);
    const rows: Row[] = [];
    const wanted = (name: string) => args.length === 0 || args.includes(name);
    for (const { name } of boards.filter((board) => wanted(board.name))) {
      const row = await throughPty(name, ['play', RECORD, '--board', name], SPEED);
      rows.push(row);
      progress(`${name}: ${describe(row)}`);
    }
    if (wanted('firmware')) {
      const row = await throughPty('native', ['avr', RECORD], FIRMWARE_SPEED);
      rows.push({ ...row, board: 'native, by its firmware' });
      progress(`firmware: ${describe(row)}`);
    }
    const failed = rows.filter((row) => difference(row, direct) > TARGET_POINTS);
    if (failed.length > 0) {
      const names = failed.map((row) => `${row.board} (${describe(row)})`).join(', ');
      throw new RhythmdError(
        'E_BENCH_TARGET',
        `more than ${TARGET_POINTS} point from ${describe(direct)}: ${names}`,
      );
    }
    return {
      json: { record: RECORD, seconds: JUDGED_S, direct, boards: rows },
      tables: [
        {
          title: `Boards: ${JUDGED_S} s of record ${RECORD}, simulator -> pty -> daemon -> MQTT`,
          columns: ['board', 'Se %', '+P %', 'missed', 'extra', 'samples lost', 'measured rate, Hz'],
          rows: [
            [
              'direct replay',
              direct.sensitivity.toFixed(2),
              direct.predictivity.toFixed(2),
              direct.missed,
              direct.extra,
              null,
              null,
            ],
            ...rows.map((row) => [
              row.board,
              row.sensitivity.toFixed(2),
              row.predictivity.toFixed(2),
              row.missed,
              row.extra,
              row.samplesLost,
              row.measuredRateHz?.toFixed(1) ?? null,
            ]),
          ],
          note: `At ${SPEED} times life (firmware ${FIRMWARE_SPEED}). Target: Se and +P within ${TARGET_POINTS} percentage point of the direct replay.`,
        },
      ],
    };
  },
};

/** The same stages without bytes in between: `rhythmd analyze`, as fast as it goes. */
async function replayDirectly(): Promise<Agreement> {
  const folder = mkdtempSync(join(tmpdir(), 'rhythmd-direct-'));
  try {
    const { status, err } = await runCommand(['analyze', RECORD, '--out', folder], process.env);
    if (status !== 0) throw new RhythmdError('E_BENCH', `analyze failed: ${err}`);
    const beats = readAnnotationFile(join(folder, `${RECORD}.rhy`)).filter(({ code }) => isBeatCode(code));
    return judge(beats);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function throughPty(board: string, words: string[], speed: number): Promise<Row> {
  const folder = mkdtempSync(join(tmpdir(), 'rhythmd-boards-'));
  const port = join(folder, 'port');
  const heard = await HeardDaemon.start({
    RHYTHMD_SOURCE_URL: `serial://${port}?speed=${speed}`,
    RHYTHMD_SOURCE_BOARD: board,
  });
  try {
    const where = ['--to', `pty:${port}`, '--speed', String(speed), '--duration', String(SECONDS)];
    const simulator = await startSimulator([...words, ...where]);
    try {
      await heard.heardUntil(JUDGED_S * PIPELINE_RATE_HZ, WITHIN_MS);
    } finally {
      await simulator.stop();
    }
    // Health comes when the port closes.
    const { source } = heard.health.at(-1)!;
    const row = { samplesLost: source.samples_lost, measuredRateHz: source.measured_rate_hz };
    return { board, ...judge(heard.beats), ...row };
  } finally {
    await heard.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function judge(beats: readonly { readonly sample: number }[]): Agreement {
  const end = JUDGED_S * PIPELINE_RATE_HZ;
  const reference = readAnnotations(RECORD, 'atr').filter(({ code }) => isBeatCode(code));
  const before = (sample: number) => sample < end;
  return matchBeats(
    reference.map(({ sample }) => sample).filter(before),
    beats.map(({ sample }) => sample).filter(before),
  );
}

function difference(row: Agreement, direct: Agreement): number {
  return Math.max(
    Math.abs(row.sensitivity - direct.sensitivity),
    Math.abs(row.predictivity - direct.predictivity),
  );
}

function describe({ sensitivity, predictivity, missed, extra }: Agreement): string {
  return `Se ${sensitivity.toFixed(2)} %, +P ${predictivity.toFixed(2)} % (${missed} missed, ${extra} extra)`;
}
