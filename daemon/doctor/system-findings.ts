/** This computer: its clock, the broker, the model, the disk. */

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { access, constants, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { MEGABYTE } from '@rhythmd/shell/megabyte.ts';
import { describeExecutor } from '../classify/network.ts';
import { openModel } from '../classify/open-model.ts';
import { configuredPath } from '../config/paths.ts';
import type { Config } from '../config/schema.ts';
import { redactCredentials } from '../redact.ts';
import { addressesIn } from '../sink/mqtt/broker-addresses.ts';
import { describeConnectError } from '../sink/mqtt/connect-errors.ts';
import { timeCameFromBattery } from '../time/battery-clock.ts';
import { type Finding, fromError, ok, problem, unknown, warning } from './finding.ts';

const BROKER_WITHIN_MS = 5000;
/** A day of two leads as WFDB files is some 120 MB. */
const LOW_DISK_MB = 1000;
const NO_DISK_MB = 100;

export async function clockFinding(): Promise<Finding> {
  try {
    const args = ['show', '--property=NTPSynchronized', '--value'];
    const { stdout } = await promisify(execFile)('timedatectl', args, { timeout: 5000 });
    if (stdout.trim() === 'yes') return ok('clock', 'set by the network');
    return notByNetwork('Run: sudo timedatectl set-ntp true');
  } catch {
    return unknown('clock', 'timedatectl does not answer: nobody knows whether the time is right');
  }
}

async function externalFinding(url: string, user: string, password: string): Promise<Finding> {
  const shown = redactCredentials(url);
  const { connectAsync } = await import('../sink/mqtt/mqtt-library.ts');
  try {
    const options = { connectTimeout: BROKER_WITHIN_MS, reconnectPeriod: 0 };
    const login = user === '' ? {} : { username: user, password };
    const client = await connectAsync(url, { ...options, ...login }, false);
    client.end(true);
    return ok('broker', `${shown} lets us in`);
  } catch (error) {
    return fromError('broker', describeConnectError(error, shown));
  }
}

function notByNetwork(fix: string): Finding {
  if (timeCameFromBattery()) {
    return warning(
      'clock',
      'set by a clock with a battery, not by the network: it may be off by seconds',
      fix,
    );
  }
  return warning(
    'clock',
    'set by nobody, and there is no clock with a battery: times of beats and alerts may be off by days',
    `${fix}, or add a clock (dtoverlay=i2c-rtc)`,
  );
}

export async function brokerFinding(config: Pick<Config, 'mqtt'>): Promise<Finding> {
  const { url, embedded_host, embedded_port, user, password } = config.mqtt;
  if (url !== '') {
    const found = await Promise.all(addressesIn(url).map((one) => externalFinding(one, user, password)));
    return found.find(({ verdict }) => verdict !== 'ok') ?? (found[0] as Finding);
  }
  if (embedded_port === 0) {
    return warning(
      'broker',
      'none is configured: beats are on the page only',
      'Set mqtt.url or mqtt.embedded_port',
    );
  }
  const free = await canListen(embedded_host, embedded_port);
  if (free) return ok('broker', `the embedded one can have port ${embedded_port}`);
  return warning(
    'broker',
    `port ${embedded_port} is taken, by a running daemon or by another broker`,
    `Stop it, or set mqtt.url = "mqtt://127.0.0.1:${embedded_port}" and mqtt.embedded_port = 0`,
  );
}

export async function modelFinding(
  config: Pick<Config, 'model'>,
  environment: NodeJS.ProcessEnv,
): Promise<Finding> {
  if (config.model.path === '') {
    return warning('model', 'none is configured: beats are published unclassified', 'Set model.path');
  }
  try {
    const { path, executor } = config.model;
    const classifier = await openModel(configuredPath(path, environment), executor);
    await classifier.close();
    const { exact, problem: inexact } = classifier.golden;
    if (inexact !== null) return fromError('model', inexact);
    const answers = exact === null ? '' : ', and it answers here as its card says';
    const { sha256 } = classifier.card;
    const who = describeExecutor(classifier.card, classifier.executor);
    return ok('model', `${who}; its hash is right (${sha256.slice(0, 12)})${answers}`);
  } catch (error) {
    if (error instanceof RhythmdError) return fromError('model', error);
    throw error;
  }
}

export async function diskFinding(
  config: Pick<Config, 'recorder'>,
  environment: NodeJS.ProcessEnv,
): Promise<Finding> {
  // It need not exist yet: what counts is whether it could be made.
  const folder = nearestExisting(configuredPath(config.recorder.folder, environment));
  try {
    await access(folder, constants.W_OK);
    const { bavail, bsize } = await statfs(folder);
    const megabytes = Math.floor((bavail * bsize) / MEGABYTE);
    const said = `${megabytes} MB free for ${folder}`;
    const fix = 'Make room, or set recorder.folder to another disk';
    if (megabytes < NO_DISK_MB) return problem('disk', said, fix);
    return megabytes < LOW_DISK_MB ? warning('disk', said, fix) : ok('disk', said);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return problem(
      'disk',
      `${folder} cannot be written (${reason})`,
      'Set recorder.folder to a folder of this user',
    );
  }
}

function nearestExisting(folder: string): string {
  let existing = folder;
  while (!existsSync(existing) && existing !== dirname(existing)) existing = dirname(existing);
  return existing;
}

function canListen(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}
