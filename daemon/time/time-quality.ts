/** Whether the system clock is set by the network: asked of the service manager, never assumed. */
import { execFile } from 'node:child_process';

const ASK_EVERY_MS = 5 * 60_000;

export type TimeQualityWord = 'ntp' | 'unsynchronised';

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
      this.#word = error === null && output.trim() === 'yes' ? 'ntp' : 'unsynchronised';
    });
    child.unref();
  }
}
