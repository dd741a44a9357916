/** Ten seconds of waveform around each alert, cut once the signal after it has arrived. */
import { type Alert, PIPELINE_RATE_HZ } from '@rhythmd/ecg/types.ts';

export const STRIP_SAMPLES = 10 * PIPELINE_RATE_HZ;
/** The onset lies this far into its strip: enough of what was before to compare with. */
const BEFORE_ONSET = 3 * PIPELINE_RATE_HZ;
/** An alert known only long after its onset shows the moment it was known, with this much after it. */
const AFTER_MOMENT = 2 * PIPELINE_RATE_HZ;
/** Alerts that wait for their signal. More at once is a storm: the oldest is cut as it is. */
const PENDING_STRIPS = 32;

interface PendingStrip {
  readonly alertId: string;
  readonly first: number;
}

export class AlertStrips {
  readonly #pending: PendingStrip[] = [];
  readonly #cut: (alertId: string, first: number) => void;

  /** @param cut gets each strip's place once its samples are there */
  constructor(cut: (alertId: string, first: number) => void) {
    this.#cut = cut;
  }

  get waiting(): number {
    return this.#pending.length;
  }

  alert(alert: Alert): void {
    if (alert.phase !== 'start') return;
    const aroundOnset = alert.startSample - BEFORE_ONSET;
    const atMoment = alert.sample + AFTER_MOMENT - STRIP_SAMPLES;
    if (this.#pending.length === PENDING_STRIPS) this.#release();
    this.#pending.push({ alertId: alert.id, first: Math.max(0, aroundOnset, atMoment) });
  }

  /** @param end index after the newest sample */
  advance(end: number): void {
    while (this.#pending.length > 0 && this.#pending[0]!.first + STRIP_SAMPLES <= end) this.#release();
  }

  /** The stream ended: what is there must do. */
  flush(): void {
    while (this.#pending.length > 0) this.#release();
  }

  #release(): void {
    const { alertId, first } = this.#pending.shift()!;
    this.#cut(alertId, first);
  }
}
