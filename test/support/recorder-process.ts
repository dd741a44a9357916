/**
 * A recorder in a process of its own, to be killed: feeds it a signal whose every value tells its place, beats,
 * and marks that are known late, and says how far it has come.
 *   recorder-process.ts FOLDER START_MS SPEED
 */

import { Recorder } from '@rhythmd/daemon/sink/recorder.ts';
import type { AlertEvent, BeatEvent } from '@rhythmd/protocol/events.ts';
import { BEAT_EVERY, describeStream, PIECE, ramp } from './recording.ts';

const [folder = '', startMs = '0', speed = '1'] = process.argv.slice(2);
const TICK_MS = 10;
/** After the process had to wait, the rest comes with the next ticks: the disk has its turn in between. */
const MAX_PIECES_PER_TICK = 100;
/** Known so long after its sample. */
const LATE = 300;

const say = (message: string | (() => string)) =>
  process.stderr.write(`${typeof message === 'string' ? message : message()}\n`);
const recorder = new Recorder({
  folder,
  minFreeBytes: 0,
  maxBytes: Number.POSITIVE_INFINITY,
  sync: true,
  origin: 'a process that will be killed',
  log: { error: say, warn: say, info: () => {}, debug: () => {} },
  monotonicMs: () => performance.now(),
});
await recorder.start();
recorder.stream(describeStream());
const began = performance.now();
let fed = 0;
setInterval(() => {
  const due = ((performance.now() - began) / 1000) * 360 * Number(speed);
  for (let pieces = 0; fed + PIECE <= due && pieces < MAX_PIECES_PER_TICK; pieces++) {
    recorder.received(ramp(fed, PIECE), Number(startMs) + (fed / 360) * 1000);
    fed += PIECE;
    if (fed % BEAT_EVERY === 0) recorder.beat({ sample: fed - BEAT_EVERY / 2, code: 'N' } as BeatEvent);
    if (fed % 3600 === 0)
      recorder.quality({ lead: 1, sample: fed - LATE, quality: fed % 7200 ? 'noisy' : 'good' });
    if (fed % 9000 === 0) {
      const phase = fed % 18_000 ? 'start' : 'end';
      recorder.alert({
        id: 'a',
        kind: 'atrial_fibrillation',
        phase,
        t_ms: Number(startMs),
        start_sample: fed - 5 * LATE,
        sample: fed - LATE,
        evidence: {},
      } as unknown as AlertEvent);
    }
  }
  process.stdout.write(`${fed} ${Date.now()} ${recorder.counters().recorder_samples_lost}\n`);
}, TICK_MS);
