/**
 * Beats waiting for their verdict. Bounded, and first in is first out: verdicts come in the order of the beats,
 * whatever the network takes. A beat is never lost here: what the network cannot answer gets a verdict of null.
 */
import { BEAT_LABELS, type Beat, type BeatLabel, type Verdict } from '@rhythmd/ecg/types.ts';
import { type Classifier, IMAGE_VALUES } from './classifier.ts';

/** Three minutes at 80 a minute, 4 MB of images. Beyond it beats pass unclassified. */
export const QUEUE_BEATS = 256;

const UNKNOWN: Verdict = { label: null, probabilities: null };

/** `none`: no model; `failed`: the last run failed. */
export type ClassifierState = 'none' | 'ready' | 'failed';

/** Changes a beat's probabilities, in the order of BEAT_LABELS, before its verdict. */
export type Amend<Context> = (context: Context, image: Float32Array, probabilities: Float32Array) => void;

interface Waiting<Context> {
  readonly context: Context;
  /** Its row of the images; -1: passes unclassified. */
  readonly slot: number;
}

export class VerdictQueue<Context> {
  readonly #classifier: Classifier | null;
  readonly #onVerdict: (context: Context, verdict: Verdict) => void;
  readonly #onFailure: (error: unknown) => void;
  readonly #amend: Amend<Context>;
  readonly #images: Float32Array;
  readonly #batch: Float32Array;
  #waiting: Waiting<Context>[] = [];
  /** Rows that hold nothing, the last freed on top: a queue that is hardly ever used takes hardly any memory. */
  readonly #freeSlots: number[];
  #running: Promise<void> | null = null;
  #state: ClassifierState;
  #unclassified = 0;

  constructor(
    classifier: Classifier | null,
    onVerdict: (context: Context, verdict: Verdict) => void,
    onFailure: (error: unknown) => void,
    amend: Amend<Context> = () => {},
  ) {
    this.#classifier = classifier;
    this.#onVerdict = onVerdict;
    this.#onFailure = onFailure;
    this.#amend = amend;
    this.#state = classifier === null ? 'none' : 'ready';
    this.#images = new Float32Array(classifier === null ? 0 : QUEUE_BEATS * IMAGE_VALUES);
    this.#freeSlots = Array.from({ length: QUEUE_BEATS }, (_, i) => QUEUE_BEATS - 1 - i);
    this.#batch = new Float32Array((classifier?.largestBatch ?? 0) * IMAGE_VALUES);
  }

  get state(): ClassifierState {
    return this.#state;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Beats that passed without a verdict: no model, a full queue, a failed run. */
  get unclassified(): number {
    return this.#unclassified;
  }

  /** @param context what the verdict is handed over with; the image is copied */
  push(beat: Beat, context: Context): void {
    const slot = (this.#classifier === null ? undefined : this.#freeSlots.pop()) ?? -1;
    if (slot >= 0) this.#images.set(beat.image, slot * IMAGE_VALUES);
    this.#waiting.push({ context, slot });
    if (this.#running === null) this.#running = this.#run();
  }

  /** Resolves when every beat pushed so far has its verdict. */
  async drained(): Promise<void> {
    while (this.#running !== null) await this.#running;
  }

  async #run(): Promise<void> {
    // Whoever pushes is done with its beat first: a verdict never comes inside push.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      if (this.#waiting[0]!.slot < 0) this.#answer(UNKNOWN);
      else await this.#classifyBatch(this.#classifier!);
    }
    this.#running = null;
  }

  async #classifyBatch(classifier: Classifier): Promise<void> {
    let count = 0;
    while (count < classifier.largestBatch && (this.#waiting[count]?.slot ?? -1) >= 0) {
      const start = this.#waiting[count]!.slot * IMAGE_VALUES;
      this.#batch.set(this.#images.subarray(start, start + IMAGE_VALUES), count * IMAGE_VALUES);
      count++;
    }
    let rows: Float32Array | null = null;
    try {
      rows = await classifier.classify(this.#batch, count);
      this.#state = 'ready';
    } catch (error) {
      this.#state = 'failed';
      this.#onFailure(error);
    }
    for (let i = 0; i < count; i++) {
      this.#freeSlots.push(this.#waiting[0]!.slot);
      this.#answer(rows === null ? UNKNOWN : this.#verdictOf(rows, i, classifier.card.labels));
    }
  }

  /** A row that is no distribution (NaN from a broken model) is no verdict. */
  #verdictOf(rows: Float32Array, row: number, labels: readonly BeatLabel[]): Verdict {
    const probabilities = new Float32Array(BEAT_LABELS.length);
    for (const [i, label] of labels.entries()) {
      const p = rows[row * labels.length + i]!;
      if (!Number.isFinite(p)) return UNKNOWN;
      probabilities[BEAT_LABELS.indexOf(label)] = p;
    }
    const start = row * IMAGE_VALUES;
    this.#amend(this.#waiting[0]!.context, this.#batch.subarray(start, start + IMAGE_VALUES), probabilities);
    return { label: mostProbable(probabilities, labels), probabilities };
  }

  #answer(verdict: Verdict): void {
    const { context } = this.#waiting.shift()!;
    if (verdict.label === null) this.#unclassified++;
    this.#onVerdict(context, verdict);
  }
}

/** The first of equals in the order of the card. */
function mostProbable(probabilities: Float32Array, labels: readonly BeatLabel[]): BeatLabel {
  let best = labels[0]!;
  for (const label of labels) {
    if (probabilities[BEAT_LABELS.indexOf(label)]! > probabilities[BEAT_LABELS.indexOf(best)]!) best = label;
  }
  return best;
}
