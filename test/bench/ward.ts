/**
 * `npm run bench -- ward [--cluster] [--devices N] [--seconds N] [--calm] [--session] [--page] [--seed N]`: what a ward loses, and how late an alert is on its page.
 * One mosquitto with 200 beds for five minutes; `--cluster`: three nodes of RabbitMQ with 50 beds for ten minutes, killed at random
 * (`--calm`: not killed; `--session`: the archive is a session of MQTT instead of a queue of its own).
 * `--page`: what the page costs in a browser, sixteen traces, a minute (`--seconds N`).
 */
import { parseArgs } from 'node:util';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { BenchResult, BenchTopic } from './topic.ts';
import { measureBrowser } from './ward/browser.ts';
import { runTrial } from './ward/trial.ts';

/** The page is on another node within this. */
const MOST_OUTAGE_MS = 5000;

export const topic: BenchTopic = {
  summary:
    'a ward on the example brokers: losses, order, and alerts from device to page; --cluster kills nodes',
  async run(args, progress) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        cluster: { type: 'boolean', default: false },
        calm: { type: 'boolean', default: false },
        session: { type: 'boolean', default: false },
        page: { type: 'boolean', default: false },
        devices: { type: 'string' },
        seconds: { type: 'string' },
        seed: { type: 'string', default: '1' },
      },
    });
    if (values.page) return pageCost(Number(values.seconds ?? 60));
    const { cluster } = values;
    const kills = cluster && !values.calm;
    const devices = Number(values.devices ?? (kills ? 50 : 200));
    const seconds = Number(values.seconds ?? (kills ? 600 : 300));
    const seed = Number(values.seed);
    const queue = !values.session;
    const result = await runTrial({ cluster, devices, seconds, kills, queue, seed, progress });
    const { device, page } = result;
    if (result.missing + result.leftInOutboxes + result.outOfOrder > 0) {
      throw new RhythmdError('E_BENCH_TARGET', `the ward loses: ${JSON.stringify(result)}`);
    }
    const rounded = (value: number | null) => (value === null ? null : Math.round(value));
    return {
      file: cluster ? (kills ? 'ward-cluster' : 'ward-cluster-calm') : 'ward',
      json: { ...result, broker: cluster ? 'three nodes of RabbitMQ' : 'one mosquitto' },
      tables: [
        {
          title: cluster ? 'A ward on three nodes of RabbitMQ' : 'A ward on one mosquitto',
          columns: ['what', 'value', 'must be'],
          rows: [
            ['beds', devices, null],
            ['seconds', seconds, null],
            ['kill -9 of a node', result.kills, null],
            ['beats', result.beats, null],
            ['alerts, starts and ends', result.alerts, null],
            ['missing in the archive', result.missing, 0],
            ['first copies out of order', result.outOfOrder, 0],
            ['arrived twice, recognisable by id', result.repeated, null],
            ['connections that the beds made', result.connects, null],
            ['messages a second at the archive', rounded(result.archived / seconds), null],
            ['messages a second at the page of 16 beds', rounded(page.messages / seconds), null],
            ["alert from the sink to the device's socket, median, ms", rounded(device.delayP50Ms), null],
            ['the same, 99 %, ms', rounded(device.delayP99Ms), kills ? null : '< 500'],
            ['alert from device to page, median, ms', rounded(page.delayP50Ms), null],
            ['the same, 99 %, ms', rounded(page.delayP99Ms), kills ? null : '< 500'],
            ['the same, minute by minute, ms', page.delayP99MsByMinute.map(rounded).join(', '), null],
            ['page without a broker, times', page.outages, null],
            ['the longest, ms', rounded(page.longestOutageMs), kills ? `< ${MOST_OUTAGE_MS}` : null],
            ['until every bed was known again, at most, ms', rounded(page.longestUntilKnownMs), null],
            [
              'a bed not heard and not said to be silent, at most, ms',
              rounded(page.longestStaleMs),
              '< 5100',
            ],
            ['beds said to be silent or offline, times', page.silencesTold, null],
          ],
          note: 'Beds are the real sink and outbox with made-up hearts, 25 a process; 75 beats a minute, an alert each 16 s, vitals each second.',
        },
      ],
    };
  },
};

async function pageCost(seconds: number): Promise<BenchResult> {
  const cost = await measureBrowser(seconds);
  return {
    file: 'ward-page',
    json: { ...cost },
    tables: [
      {
        title: 'The ward page in a browser',
        columns: ['what', 'value'],
        rows: [
          ['traces that run', cost.traces],
          ['seconds', cost.seconds],
          ['of a core, its main thread, %', Number(cost.cpuPercent.toFixed(1))],
          ['memory of its script after the warm-up, MB', Number(cost.heapMbAtStart.toFixed(2))],
          ['the same at the end, MB', Number(cost.heapMbAtEnd.toFixed(2))],
        ],
        note: '1920x1080, Chromium without a GPU; rasterising is not in it.',
      },
    ],
  };
}
