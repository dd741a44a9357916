/** What goes wrong, one at a time. Each puts right what it did before it returns. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { SeededRandom } from '@rhythmd/ecg/synthetic/seeded-random.ts';
import { REQUEST_VERBS } from '@rhythmd/protocol/requests.ts';
import { connectAsync } from 'mqtt';
import { WebSocket } from 'ws';
import { until } from '../../support/until.ts';
import type { World } from './world.ts';

export interface SoakFault {
  readonly name: string;
  /** @param forMs how long it lasts, if it has a length */
  readonly strike: (world: World, random: SeededRandom, forMs: number) => Promise<void>;
}

const HOUR_S = 3600;
const GARBAGE_BYTES = 4000;
const PAGES = 4;
const REQUESTS = 20;
/** Each so many outages are long enough for health to say so. */
const LONG_OUTAGE_EVERY = 5;
let outages = 0;

const below = (random: SeededRandom, limit: number) => Math.floor(random.uniform() * limit);

/** Bodies that make sense and such that do not. */
function anyBody(random: SeededRandom): unknown {
  const values = [10, -1, 1e300, null, 'x'.repeat(200), '0001-1-a1', [], {}, 60];
  const keys = ['seconds', 'sample', 't_ms', 'id', 'lead', 'text', 'number'];
  return Object.fromEntries(
    keys.filter(() => random.uniform() < 0.4).map((key) => [key, values[below(random, values.length)]]),
  );
}

export const FAULTS: readonly SoakFault[] = [
  {
    name: 'broker killed',
    async strike(world, _random, forMs) {
      await world.broker.kill('SIGKILL');
      if (outages++ % LONG_OUTAGE_EVERY === 0) {
        const before = world.healths.length;
        await until(
          () => world.healths.slice(before).some(({ broker }) => !broker.connected),
          'health to say that the broker is gone',
          30_000,
        );
      } else await sleep(forMs);
      await world.broker.start();
    },
  },
  {
    name: 'disk full',
    async strike(world, _random, forMs) {
      try {
        world.disk?.fillUpTo(0);
      } catch (error) {
        // The daemon was faster: it is full all the same.
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
      await sleep(forMs);
      world.disk?.free();
    },
  },
  {
    name: 'clock set',
    async strike(world, random) {
      world.time.set(Math.round((random.uniform() - 0.5) * 400 * HOUR_S));
    },
  },
  {
    name: 'source unplugged',
    async strike(world, _random, forMs) {
      world.line.unplug();
      await sleep(forMs);
      world.line.plugIn();
    },
  },
  {
    name: 'garbage from the source',
    async strike(world, random) {
      world.line.speak(Uint8Array.from({ length: GARBAGE_BYTES }, () => below(random, 256)));
    },
  },
  {
    name: 'pages that never read',
    async strike(world, _random, forMs) {
      const pages = Array.from(
        { length: PAGES },
        () => new WebSocket(`${world.pageUrl.replace('http', 'ws')}stream`),
      );
      for (const page of pages) {
        page.on('error', () => {});
        page.on('open', () => page.pause());
      }
      await sleep(forMs);
      for (const page of pages) page.terminate();
    },
  },
  {
    name: 'requests at random',
    async strike(world, random) {
      const client = await connectAsync(world.daemon.mqttUrl, { reconnectPeriod: 0 }, false);
      for (let i = 0; i < REQUESTS; i++) {
        const verb = REQUEST_VERBS[below(random, REQUEST_VERBS.length)];
        // Whatever plays is what is looked for at the end.
        if (verb !== 'bench')
          client.publish(`ecg/rhythmd-1/request/${verb}`, JSON.stringify(anyBody(random)));
      }
      await client.endAsync();
    },
  },
];
