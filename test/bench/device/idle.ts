/** How often the installed daemon wakes the core while its board says nothing and nobody looks. */

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DaemonProcess } from '../../support/daemon-process.ts';
import { until } from '../../support/until.ts';
import { switches } from './footprint.ts';
import { NODE_OPTIONS } from './started.ts';

const WARM_UP_S = 20;
const WATCHED_S = 30;

export interface Idle {
  readonly mainPerSecond: number;
  /** With those of V8 and of file access, which sleep unless there is work. */
  readonly allPerSecond: number;
}

export async function countIdle(place: string): Promise<Idle> {
  const port = join(mkdtempSync(join(tmpdir(), 'rhythmd-idle-')), 'ecg');
  const line = spawn('socat', ['-', `pty,raw,echo=0,link=${port}`], { stdio: ['pipe', 'ignore', 'ignore'] });
  await until(() => existsSync(port), 'the port');
  const environment = { RHYTHMD_SOURCE_URL: `serial://${port}?baud=115200`, RHYTHMD_SOURCE_BOARD: 'native' };
  const daemon = await DaemonProcess.start(environment, [...NODE_OPTIONS, `${place}/rhythmd.js`, 'run']);
  try {
    await daemon.pageUrl();
    await sleep(WARM_UP_S * 1000);
    const pid = daemon.process.pid!;
    const before = [ofMain(pid), switches(pid)];
    await sleep(WATCHED_S * 1000);
    const [main = 0, all = 0] = [ofMain(pid), switches(pid)].map(
      (count, i) => (count - before[i]!) / WATCHED_S,
    );
    return { mainPerSecond: main, allPerSecond: all };
  } finally {
    await daemon.stop();
    line.kill();
  }
}

function ofMain(pid: number): number {
  return Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}
