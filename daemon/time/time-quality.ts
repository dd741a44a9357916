/** Who set the system clock: asked of the service manager and the kernel, never assumed. */
import { execFile } from 'node:child_process';
import { timeCameFromBattery } from './battery-clock.ts';

const ASK_EVERY_MS = 5 * 60_000;

/** `unsynchronised`: nobody. Without a clock with a battery it went on from where the computer was switched off. */
export type TimeQualityWord = 'ntp' | 'battery' | 'unsynchronised';

export class TimeQuality {
  #timer: NodeJS.Timeout | null = null;
  #word: TimeQualityWord = 'unsynchronised';

  get word(): TimeQualityWord {
    return this.#word;
  }

  start(): void {
    this.ask();
    this.#timer = setInterval(() => this.ask(), ASK_EVERY_MS);
    this.#timer.unref();
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  /** Also when the clock was set: that is how it comes to be right. */
  ask(): void {
    const args = ['show', '--property=NTPSynchronized', '--value'];
    const child = execFile('timedatectl', args, { timeout: 5000 }, (error, output) => {
      const isByNetwork = error === null && output.trim() === 'yes';
      this.#word = isByNetwork ? 'ntp' : timeCameFromBattery() ? 'battery' : 'unsynchronised';
    });
    child.unref();
  }
}
