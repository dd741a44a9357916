/** The example brokers of config/deploy, started by their one command for a fleet made for the test, and torn down with it. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { checkFleet } from '@rhythmd/daemon/fleet/fleet-file.ts';
import { writeFleet } from '@rhythmd/daemon/fleet/write-fleet.ts';
import type { BrokerOptions } from '@rhythmd/daemon/sink/mqtt/broker-connection.ts';
import type { IClientOptions } from 'mqtt';
import { brokerOptions } from './delivery/sink.ts';
import { repositoryRoot } from './needs.ts';

export type Example = 'one' | 'rooms' | 'cluster';

const script = join(repositoryRoot, 'config/deploy/brokers.sh');
/** Ports of the examples that must be free together. */
const PORTS = [
  4370, 5681, 5682, 5683, 8443, 8883, 8884, 8891, 8892, 8893, 9001, 15_681, 15_682, 15_683, 25_681,
];
const WARD = 'ward-3';

export class ExampleBrokers {
  readonly folder = mkdtempSync(join(tmpdir(), 'brokers-'));
  readonly #example: Example;
  readonly #nodes: number;
  #offset = 0;

  /** @param nodes of the cluster */
  constructor(example: Example, nodes = 3) {
    this.#example = example;
    this.#nodes = nodes;
  }

  /** @param devices that the fleet has: bed-1 and on, all in one ward */
  async start(devices = 2): Promise<void> {
    const fleet = checkFleet(
      {
        brokers: ['mqtts://127.0.0.1:8883'],
        device: [{ id: `bed-[1-${devices}]`, ward: WARD }],
        user: [
          { name: 'victor', role: 'viewer' },
          { name: 'anna', role: 'nurse' },
          { name: 'archive', role: 'integrator' },
          { name: `room-${WARD}`, role: 'room', ward: WARD },
        ],
      },
      'fleet',
    );
    writeFleet(fleet, this.folder, []);
    this.#offset = await freeOffset();
    await this.#run('up');
  }

  async remove(): Promise<void> {
    await this.#run('down');
    rmSync(this.folder, { recursive: true, force: true });
  }

  async kill(node: number): Promise<void> {
    await this.#run('kill', String(node));
  }

  async restart(node: number): Promise<void> {
    await this.#run('start', String(node));
  }

  /** Without a word to the centre. */
  async killRoom(): Promise<void> {
    await this.#run('kill');
  }

  port(ofExample: number): number {
    return ofExample + this.#offset;
  }

  mqtts(ofExample = 8883): string {
    return `mqtts://127.0.0.1:${this.port(ofExample)}`;
  }

  /** What a page speaks to. */
  get pages(): string {
    return this.#example === 'cluster'
      ? `wss://127.0.0.1:${this.port(8443)}/ws`
      : `wss://127.0.0.1:${this.port(9001)}`;
  }

  /** How MQTT.js comes in as somebody. */
  as(name: string): IClientOptions {
    const own = name.startsWith('bed-') ? 'devices' : 'users';
    return {
      username: name,
      password: readFileSync(join(this.folder, own, name, 'mqtt-password'), 'utf8').trim(),
      ca: readFileSync(join(this.folder, 'broker/ca.pem')),
      protocolVersion: this.#example === 'cluster' ? 4 : 5,
    };
  }

  /** How a device's sink does. */
  device(id: string, url = this.mqtts()): BrokerOptions {
    const own = join(this.folder, 'devices', id);
    const sources = { user: id, passwordFile: join(own, 'mqtt-password'), caFile: join(own, 'mqtt-ca') };
    return { ...brokerOptions(url, sources), clientId: `rhythmd-${id}`, keepaliveS: 5 };
  }

  async #run(verb: string, ...more: string[]): Promise<void> {
    const environment = { ...process.env, PORT_OFFSET: String(this.#offset), NODES: String(this.#nodes) };
    await promisify(execFile)(script, [this.#example, verb, this.folder, ...more], { env: environment });
  }
}

/** By which all ports of the examples are free: several tests run beside each other. */
async function freeOffset(): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const offset = 10_000 + 100 * Math.floor(Math.random() * 200);
    const free = await Promise.all(PORTS.map((port) => isFree(port + offset)));
    if (free.every(Boolean)) return offset;
  }
  throw new Error('no free ports for the example brokers');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
