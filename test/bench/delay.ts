/** `npm run bench -- delay [SECONDS]`: how late beats come when the disk is full and subscribers do not read. Wants root. */
import { runDelayTrial } from './delivery/delay-trial.ts';
import type { BenchTopic } from './topic.ts';

const SECONDS = 180;
/** What the project asks for at the 99th percentile. */
const MOST_P99_MS = 500;

export const topic: BenchTopic = {
  summary: 'R peak to beat message with a full disk and ten subscribers that never read at each broker',
  async run(args, progress) {
    const seconds = Number(args[0] ?? SECONDS);
    const calm = await runDelayTrial(seconds, false, progress);
    const against = await runDelayTrial(seconds, true, progress);
    const row = (name: string, ms: typeof calm.embeddedMs) => [name, ms.p50, ms.p95, ms.p99, ms.max];
    const table = {
      title: 'R peak to beat message, ms, beyond the natural delay of the beat',
      columns: ['subscriber at', 'p50', 'p95', 'p99', 'most'],
      rows: [
        row('the embedded broker, calm', calm.embeddedMs),
        row('the embedded broker, all against it', against.embeddedMs),
        row('mosquitto, calm', calm.externalMs),
        row('mosquitto, all against it', against.externalMs),
      ],
      note:
        `Record 208 in real time through the simulated board, the detector and the model; ${against.beats} beats with all ` +
        `against it, ${against.lost} of them lost, ${against.skipped} messages skipped for those who do not read. Wanted: ` +
        `p99 below ${MOST_P99_MS}. A beat is complete when the next is known, or 1.8 s after its peak: its natural delay. ` +
        `What the detector takes to know a peak is in the figures, but for ${against.start.beats} beats of the first four seconds, ` +
        `which wait for its first levels (the latest ${against.start.mostMs ?? 0} ms).`,
    };
    return { tables: [table], json: { mostP99Ms: MOST_P99_MS, calm, against } };
  },
};
