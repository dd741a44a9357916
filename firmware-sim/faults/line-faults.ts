/** What goes wrong with the line and the board as a whole: stall, unplug, reboot; bursts and jitter. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { BoardEncoder } from '@rhythmd/ecg/boards/board.ts';
import { SeededRandom } from '@rhythmd/ecg/synthetic/seeded-random.ts';
import type { Output } from '../output/output.ts';
import type { Schedule } from './schedule.ts';

type Condition = 'up' | 'stall' | 'unplug' | 'reboot';

/** Held back at most; then it goes out early. */
const HELD_BYTES = 1 << 20;

export class LineFaults {
  readonly #schedule: Schedule;
  readonly #encoder: BoardEncoder;
  readonly #output: Output;
  readonly #speed: number;
  readonly #random: SeededRandom;
  #condition: Condition = 'up';
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #heldSinceS = 0;

  constructor(schedule: Schedule, encoder: BoardEncoder, output: Output, speed: number, seed: number) {
    this.#schedule = schedule;
    this.#encoder = encoder;
    this.#output = output;
    this.#speed = speed;
    this.#random = new SeededRandom(seed ^ 0x11fe);
  }

  /** Brings line and board into the condition of `timeS`; @returns whether bytes pass. */
  async enter(timeS: number): Promise<boolean> {
    const condition = this.#conditionAt(timeS);
    const before = this.#condition;
    this.#condition = condition;
    if (condition === before) return condition === 'up';
    if (condition === 'unplug') await this.#output.unplug();
    if (before === 'unplug') await this.#output.plug();
    // A board without power or in reset begins at its beginning.
    if (before === 'unplug' || before === 'reboot') await this.#output.write(this.#encoder.switchOn());
    return condition === 'up';
  }

  /** The last bytes before a reset end anywhere. */
  cutsOff(timeS: number, nextS: number): boolean {
    return this.#conditionAt(timeS) === 'up' && this.#conditionAt(nextS) === 'reboot';
  }

  /** @returns whether somebody got the bytes, or will */
  async send(bytes: Uint8Array, timeS: number, signal: AbortSignal): Promise<boolean> {
    const burst = this.#schedule.active('burst', timeS);
    if (burst !== null) {
      if (this.#held.length === 0) this.#heldSinceS = timeS;
      this.#held.push(bytes.slice());
      this.#heldBytes += bytes.length;
      const due = timeS - this.#heldSinceS >= Number(burst.parameters.hold_ms) / 1000;
      if (!due && this.#heldBytes < HELD_BYTES) return true;
    }
    const jitter = this.#schedule.active('jitter', timeS);
    if (jitter !== null && this.#speed !== Number.POSITIVE_INFINITY) {
      const lateMs = (this.#random.uniform() * Number(jitter.parameters.ms)) / this.#speed;
      await sleep(lateMs, undefined, { signal }).catch(() => {});
    }
    if (burst !== null) return this.flush();
    await this.flush();
    return this.#output.write(bytes);
  }

  /** Sends what is held back; @returns whether somebody got it. */
  async flush(): Promise<boolean> {
    const held = this.#held;
    this.#held = [];
    this.#heldBytes = 0;
    let delivered = true;
    for (const chunk of held) delivered = await this.#output.write(chunk);
    return delivered;
  }

  #conditionAt(timeS: number): Condition {
    for (const kind of ['unplug', 'reboot', 'stall'] as const) {
      if (this.#schedule.active(kind, timeS) !== null) return kind;
    }
    return 'up';
  }
}
