/**
 * What systemd wants to hear (sd_notify): that we are ready, alive, stopping. Through `systemd-notify`, since Node
 * cannot write to a datagram socket; the unit needs NotifyAccess=all. Silent where no service manager asks.
 */
import { execFile } from 'node:child_process';

export class ServiceNotice {
  readonly #asks: boolean;
  readonly #watchdogMs: number;
  #timer: NodeJS.Timeout | null = null;

  constructor(environment: NodeJS.ProcessEnv) {
    this.#asks = Boolean(environment.NOTIFY_SOCKET);
    this.#watchdogMs = Number(environment.WATCHDOG_USEC ?? 0) / 1000;
  }

  ready(): void {
    this.#tell('--ready');
    // Half the limit, as sd_watchdog_enabled(3) advises. A blocked event loop does not tick: that is the point.
    if (this.#asks && this.#watchdogMs > 0) {
      this.#timer = setInterval(() => this.#tell('WATCHDOG=1'), this.#watchdogMs / 2);
      this.#timer.unref();
    }
  }

  stopping(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#tell('STOPPING=1');
  }

  #tell(word: string): void {
    if (this.#asks) execFile('systemd-notify', [word], () => {});
  }
}
