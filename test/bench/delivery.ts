/** `npm run bench -- delivery`: what arrives at a subscriber of a real mosquitto when everything on the way dies. */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { runKillTrial } from '../support/delivery/kill-trial.ts';
import type { BenchTopic } from './topic.ts';

/** The scale the project asks for. */
const BEATS = 10_000;
const KILLS = 20;

export const topic: BenchTopic = {
  summary: `${BEATS} beats and their alerts through a real broker; ${KILLS} kills of it, ${KILLS} of the daemon's side`,
  async run(args, progress) {
    const result = await runKillTrial({
      beats: BEATS,
      beatsPerSecond: 200,
      brokerKills: KILLS,
      daemonKills: KILLS,
      seed: Number(args[0] ?? 1),
      progress,
    });
    const { lost, outOfOrder, ambiguous, lostBeforeDisk } = result;
    const json = { ...result, lostBeforeDisk: lostBeforeDisk.length };
    if (lost.length + outOfOrder + ambiguous > 0) {
      throw new RhythmdError('E_BENCH_TARGET', `delivery misses its target: ${JSON.stringify(json)}`);
    }
    const table = {
      title: 'Delivery',
      columns: ['over one trial', 'count', 'must be'],
      rows: [
        ['beats', result.beats, BEATS],
        ['alerts', result.alerts, 500],
        ['kill -9 of the broker', result.brokerKills, KILLS],
        ['kill -9 of the sender', result.daemonKills, KILLS],
        ['stored and lost', lost.length, 0],
        ['first copies out of order', outOfOrder, 0],
        ['two messages under one id', ambiguous, 0],
        ['arrived twice, recognisable by id', result.repeated, null],
        ['handed over, killed before the disk had it', lostBeforeDisk.length, null],
        ['seconds', Math.round(result.seconds), null],
      ],
      note:
        'The sender is the sink and the outbox with 200 beats a second, a hundred times the usual. The subscriber ' +
        'has a session that mosquitto saves after every change. Kills come at random moments.',
    };
    return { tables: [table], json };
  },
};
