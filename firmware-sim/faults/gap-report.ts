/** What truly did not get through, to compare a receiver's account with: one line an outage. */
export class GapReport {
  readonly #say: (line: string) => void;
  #from = -1;

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  /** @param delivered whether somebody got these samples; what damaged bytes cost is not known here */
  push(first: number, delivered: boolean): void {
    if (!delivered && this.#from < 0) this.#from = first;
    if (!delivered || this.#from < 0) return;
    this.#say(`gap from ${this.#from} of ${first - this.#from} samples`);
    this.#from = -1;
  }
}
