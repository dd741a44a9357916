/**
 * The binary `wave` topic: 250 ms of every lead in one message, the leads' frames one after another, each as on
 * the WebSocket (protocol/wave-frame.ts has the layout). A gap ends a message early.
 */
import { PIPELINE_RATE_HZ, type Samples } from '@rhythmd/ecg/types.ts';
import { encodeWaveFrame } from '@rhythmd/protocol/wave-frame.ts';

const MESSAGE_SAMPLES = PIPELINE_RATE_HZ / 4;

export class WaveTopic {
  readonly #publish: (payload: Buffer) => void;
  #leads: Float32Array[] = [];
  #first = 0;
  #count = 0;

  constructor(publish: (payload: Buffer) => void) {
    this.#publish = publish;
  }

  push({ leads, first, count }: Samples): void {
    if (first !== this.#first + this.#count || leads.length !== this.#leads.length) {
      this.flush();
      this.#first = first;
      if (leads.length !== this.#leads.length) {
        this.#leads = leads.map(() => new Float32Array(MESSAGE_SAMPLES));
      }
    }
    for (let taken = 0; taken < count; ) {
      const room = Math.min(count - taken, MESSAGE_SAMPLES - this.#count);
      for (const [index, lead] of leads.entries()) {
        this.#leads[index]?.set(lead.subarray(taken, taken + room), this.#count);
      }
      taken += room;
      this.#count += room;
      if (this.#count === MESSAGE_SAMPLES) this.flush();
    }
  }

  /** Publishes what has gathered. */
  flush(): void {
    if (this.#count === 0) return;
    const frames = this.#leads.map((lead, index) => encodeWaveFrame(index, this.#first, lead, this.#count));
    this.#first += this.#count;
    this.#count = 0;
    this.#publish(Buffer.concat(frames));
  }
}
