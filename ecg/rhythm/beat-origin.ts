/**
 * Which beats are ectopic, as far as the classes tell: ventricular ones always; `S`, and `other` (atrial and junctional
 * premature beats, but bundle branch block too) where most of the beats before were `N`. In bundle branch block
 * `other` is the patient's own beat.
 */
import type { RhythmBeat } from './rule.ts';

const BEATS_REMEMBERED = 30;
/** With fewer, nothing is said of `other`. */
const BEATS_NEEDED = 6;

export class BeatOrigin {
  readonly #wasNormal = new Uint8Array(BEATS_REMEMBERED);
  #count = 0;
  #next = 0;
  #normal = 0;

  /** Asked once a beat, in order. */
  isEctopic({ label, ventricular }: Pick<RhythmBeat, 'label' | 'ventricular'>): boolean {
    const mostlyNormal = this.#count >= BEATS_NEEDED && 2 * this.#normal > this.#count;
    this.#remember(label === 'N');
    return ventricular || ((label === 'S' || label === 'other') && mostlyNormal);
  }

  #remember(normal: boolean): void {
    if (this.#count === BEATS_REMEMBERED) this.#normal -= this.#wasNormal[this.#next]!;
    else this.#count += 1;
    this.#wasNormal[this.#next] = normal ? 1 : 0;
    this.#normal += this.#wasNormal[this.#next]!;
    this.#next = (this.#next + 1) % BEATS_REMEMBERED;
  }
}
