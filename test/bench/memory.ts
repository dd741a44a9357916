/** `npm run bench -- memory [HOURS]`: a day of signal through the daemon at full speed, and its memory. */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { runMemoryTrial } from './delivery/memory-trial.ts';
import type { BenchTopic } from './topic.ts';

const HOURS = 24;
/** A leak of one object a beat would be more. */
const MOST_MB_PER_DAY = 10;
/** `outbox.max_mb` by default, and a file being written. */
const MOST_OUTBOX_BYTES = 65 * 1024 * 1024;

export const topic: BenchTopic = {
  summary: `${HOURS} hours of signal through the daemon as fast as it goes: memory and files`,
  async run(args, progress) {
    const result = await runMemoryTrial(Number(args[0] ?? HOURS), progress);
    const round = (value: number) => Math.round(value * 10) / 10;
    if (result.slopeMbPerDay > MOST_MB_PER_DAY || result.outboxBytes > MOST_OUTBOX_BYTES) {
      throw new RhythmdError('E_BENCH_TARGET', `memory misses its target: ${JSON.stringify(result)}`);
    }
    const table = {
      title: 'A day of signal',
      columns: ['measured', 'value'],
      rows: [
        ['hours of signal', round(result.signalHours)],
        ['minutes it took', round(result.seconds / 60)],
        ['beats at the subscriber', result.beats],
        ['RSS after the warm-up (a fifth), MB', round(result.firstMb)],
        ['RSS at the end, MB', round(result.lastMb)],
        ['RSS at most, MB', round(result.maxMb)],
        ['slope of the fitted line, MB a day', round(result.slopeMbPerDay)],
        ['its standard error', round(result.slopeErrorMbPerDay)],
        ['outbox at the end, bytes', result.outboxBytes],
      ],
      note: 'From the sources with tsx, which takes some 50 MB more than the bundle. Record 208 in a loop, recorder, outbox, both brokers.',
    };
    return { tables: [table], json: { ...result } };
  },
};
