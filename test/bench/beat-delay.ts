/** `npm run bench -- beat-delay`: which beats are late and why, in sample time, on the MIT-BIH records. */
import { MITDB_RECORDS } from '@rhythmd/records/mitdb.ts';
import { type BeatDelays, beatDelaysOf, CAUSES, LATE_MS } from './detector/beat-delays.ts';
import { quantile } from './detector/measure.ts';
import type { BenchTopic } from './topic.ts';

/** Records of the table beside all: those with the most late beats. */
const WORST = 5;

export const topic: BenchTopic = {
  summary:
    "R peak to beat, beyond the beat's natural delay: signal stages alone, in sample time (MIT-BIH records)",
  async run(args, progress) {
    const names = args.length > 0 ? args : MITDB_RECORDS;
    const records: BeatDelays[] = [];
    for (const name of names) {
      records.push(beatDelaysOf(name));
      progress(`${name} done`);
    }
    const figures = records.map(figuresOf);
    const worst = [...figures].sort((a, b) => b.lateShare - a.lateShare).slice(0, WORST);
    const all = figuresOf({
      record: 'all',
      delaysMs: records.flatMap(({ delaysMs }) => delaysMs),
      late: Object.fromEntries(
        CAUSES.map((cause) => [cause, records.reduce((sum, { late }) => sum + late[cause], 0)]),
      ) as BeatDelays['late'],
    });
    const table = {
      title: 'R peak to beat, ms, beyond the natural delay of the beat',
      columns: ['record', 'beats', 'p50', 'p95', 'p99', 'most', ...CAUSES.map((cause) => `late: ${cause}`)],
      rows: [all, ...worst].map(({ record, beats, p50, p95, p99, most, late }) => [
        record,
        beats,
        ...[p50, p95, p99, most].map(Math.round),
        ...CAUSES.map((cause) => late[cause]),
      ]),
      note:
        `Blocks of 25 ms, shipped weights, both signals; the ${WORST} records with the largest share of late beats below all. Late: more ` +
        `than ${LATE_MS} ms. A beat is complete when the next is known, or 1.8 s after its peak: its natural delay. Start: ` +
        'beats of the first seconds wait for the first levels.',
    };
    return { tables: [table], json: { lateMs: LATE_MS, all, records: figures } };
  },
};

function figuresOf({ record, delaysMs, late }: BeatDelays) {
  const count = CAUSES.reduce((sum, cause) => sum + late[cause], 0);
  return {
    record,
    beats: delaysMs.length,
    p50: quantile(delaysMs, 0.5),
    p95: quantile(delaysMs, 0.95),
    p99: quantile(delaysMs, 0.99),
    most: quantile(delaysMs, 1),
    late,
    lateShare: count / Math.max(1, delaysMs.length),
  };
}
