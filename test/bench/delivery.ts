/**
 * `npm run bench -- delivery [kills]`: what arrives at a subscriber of a real mosquitto when everything on the
 * way there dies.
 */
import { runKillTrial } from '../support/delivery/kill-trial.ts';
import type { BenchResult, BenchTopic, ResultTable } from './topic.ts';

type Progress = (line: string) => void;
interface Part {
  readonly table: ResultTable;
  readonly json: unknown;
}

const PARTS: Readonly<Record<string, (progress: Progress) => Promise<Part>>> = { kills };

export const topic: BenchTopic = {
  summary: 'beats and alerts through a real broker while things die',
  async run(args, progress): Promise<BenchResult> {
    const names = args.length > 0 ? args : Object.keys(PARTS);
    const tables: ResultTable[] = [];
    const json: Record<string, unknown> = {};
    for (const name of names) {
      const part = await PARTS[name]?.(progress);
      if (!part) throw new Error(`no part ${name}: ${Object.keys(PARTS).join(', ')}`);
      tables.push(part.table);
      json[name] = part.json;
    }
    return { tables, json };
  },
};

/** The scale the project asks for. */
const BEATS = 10_000;
const KILLS = 20;

async function kills(progress: Progress): Promise<Part> {
  const result = await runKillTrial({
    beats: BEATS,
    beatsPerSecond: 200,
    brokerKills: KILLS,
    daemonKills: KILLS,
    seed: 1,
    progress,
  });
  const rows: [string, number][] = [
    ['beats', result.beats],
    ['alerts', result.alerts],
    ['kill -9 of the broker', result.brokerKills],
    ['kill -9 of the daemon', result.daemonKills],
    ['stored and lost', result.lost.length],
    ['out of order', result.outOfOrder],
    ['two messages under one id', result.ambiguous],
    ['arrived twice, with the same id', result.repeated],
    ['handed over, killed before the disk had it', result.lostBeforeDisk.length],
    ['seconds', Math.round(result.seconds)],
  ];
  return {
    table: {
      title: 'Nothing is lost',
      columns: ['over one trial', 'count'],
      rows,
      note:
        'mosquitto with a persistent session for the subscriber, saved after every change. "Stored" is what the ' +
        'outbox had on disk; kills come at random moments.',
    },
    json: result,
  };
}
