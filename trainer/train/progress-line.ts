/** The live line on a terminal; silent elsewhere, where the log of epochs speaks. */
import type { WriteStream } from 'node:tty';

/** Redrawn at most this often. */
const REDRAW_MS = 250;

export interface ProgressState {
  readonly epoch: number;
  readonly epochs: number;
  readonly step: number;
  readonly steps: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly imagesPerSecond: number;
  /** null: not known yet. */
  readonly secondsLeft: number | null;
}

export class ProgressLine {
  readonly #stream: WriteStream;
  #drawnAt = 0;

  constructor(stream: WriteStream) {
    this.#stream = stream;
  }

  draw(state: ProgressState, nowMs: number): void {
    if (!this.#stream.isTTY || nowMs - this.#drawnAt < REDRAW_MS) return;
    this.#drawnAt = nowMs;
    this.#stream.write(`\r\x1b[K${formatProgress(state)}`);
  }

  clear(): void {
    if (this.#stream.isTTY) this.#stream.write('\r\x1b[K');
  }
}

function formatProgress(state: ProgressState): string {
  const { epoch, epochs, step, steps, loss, accuracy, imagesPerSecond, secondsLeft } = state;
  return (
    `epoch ${epoch + 1}/${epochs} step ${step}/${steps} loss ${loss.toFixed(4)} ` +
    `accuracy ${(100 * accuracy).toFixed(2)} % ${imagesPerSecond.toFixed(0)} images/s` +
    (secondsLeft === null ? '' : ` ${formatDuration(secondsLeft)} left`)
  );
}

export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${whole % 60} s` : `${whole} s`;
}
