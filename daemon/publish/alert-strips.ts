/** The waveform around each alert, cut once the signal after it has arrived. */
import type { AlertEvent } from '@rhythmd/protocol/events.ts';

/** Alerts that wait for their signal. More at once is a storm: the oldest is cut as it is. */
const PENDING_STRIPS = 32;

interface PendingStrip {
  readonly alertId: string;
  readonly first: number;
  readonly count: number;
}

type Cut = (alertId: string, first: number, count: number) => void;

export class AlertStrips {
  readonly #pending: PendingStrip[] = [];
  readonly #cut: Cut;

  /** @param cut gets each strip's place once its samples are there */
  constructor(cut: Cut) {
    this.#cut = cut;
  }

  get waiting(): number {
    return this.#pending.length;
  }

  /** The rhythm stage says in the evidence which samples show the event. */
  alert({ id, phase, evidence }: AlertEvent): void {
    const { strip_first_sample: first, strip_sample_count: count } = evidence;
    if (phase !== 'start' || typeof first !== 'number' || typeof count !== 'number') return;
    if (this.#pending.length === PENDING_STRIPS) this.#release(0);
    this.#pending.push({ alertId: id, first, count });
  }

  /** @param end index after the newest sample */
  advance(end: number): void {
    for (let i = 0; i < this.#pending.length; ) {
      const { first, count } = this.#pending[i]!;
      if (first + count <= end) this.#release(i);
      else i++;
    }
  }

  /** The stream ended: what is there must do. */
  flush(): void {
    while (this.#pending.length > 0) this.#release(0);
  }

  #release(i: number): void {
    const [strip] = this.#pending.splice(i, 1);
    this.#cut(strip!.alertId, strip!.first, strip!.count);
  }
}
