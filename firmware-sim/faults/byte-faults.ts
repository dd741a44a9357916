/** What goes wrong on the wire: bytes missing, changed, twice, from nowhere. Seeded: the same every time. */
import { SeededRandom } from '@rhythmd/ecg/synthetic/seeded-random.ts';
import type { Fault } from './fault-kinds.ts';
import type { Schedule } from './schedule.ts';
import { readAtOtherBaud } from './uart.ts';

export class ByteFaults {
  readonly #schedule: Schedule;
  readonly #random: SeededRandom;

  constructor(schedule: Schedule, seed: number) {
    this.#schedule = schedule;
    this.#random = new SeededRandom(seed);
  }

  /** @returns what arrives of `bytes` sent at `timeS`; the very array when nothing is wrong */
  apply(bytes: Uint8Array, timeS: number): Uint8Array {
    const active = (kind: 'drop' | 'flip' | 'duplicate' | 'insert') => this.#schedule.active(kind, timeS);
    const [drop, flip, duplicate, insert] = [
      active('drop'),
      active('flip'),
      active('duplicate'),
      active('insert'),
    ];
    const baud = this.#schedule.active('wrong-baud', timeS);
    let arrived = bytes;
    if (drop || flip || duplicate || insert) {
      const out: number[] = [];
      for (let i = 0; i < bytes.length; i++) {
        if (insert && this.#happens(insert)) this.#insert(out, this.#run(insert));
        if (drop && this.#happens(drop)) {
          i += this.#run(drop) - 1;
          continue;
        }
        const bit = flip && this.#happens(flip) ? 1 << Math.floor(8 * this.#random.uniform()) : 0;
        out.push(bytes[i]! ^ bit);
        if (duplicate && this.#happens(duplicate)) {
          const run = this.#run(duplicate);
          out.push(...out.slice(-run));
        }
      }
      arrived = Uint8Array.from(out);
    }
    if (baud === null) return arrived;
    return readAtOtherBaud(arrived, Number(baud.parameters.sent), Number(baud.parameters.read));
  }

  #happens(fault: Fault): boolean {
    return this.#random.uniform() < Number(fault.parameters.share);
  }

  #run(fault: Fault): number {
    return 1 + Math.floor(Number(fault.parameters.bytes) * this.#random.uniform());
  }

  #insert(out: number[], count: number): void {
    for (let i = 0; i < count; i++) out.push(Math.floor(256 * this.#random.uniform()));
  }
}
