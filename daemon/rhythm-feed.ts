/**
 * What the rhythm monitor is told, in the order of the signal: the networks answer when they can, and a verdict that came
 * after samples it was complete before would let the same record give other alerts on another machine. So samples, peaks and
 * changes wait for the answers before them, and pass by one that takes too long: an alarm must not wait for a network
 * that hangs.
 */
import type { LabelledBeat, RhythmMonitor } from '@rhythmd/ecg/rhythm/monitor.ts';
import type { RhythmEstimate } from '@rhythmd/ecg/rhythm/rhythm-estimate.ts';
import type { Peak, QualityChange, Samples } from '@rhythmd/ecg/types.ts';

interface Entry {
  /** null: the answer is awaited. */
  tell: (() => void) | null;
  readonly since: number;
  readonly moment: number;
  /** It was passed by: the answer is told when it comes. */
  isLate: boolean;
}

interface AwaitedEstimate {
  readonly entry: Entry;
  readonly sample: number;
}

const NOTHING = (): void => {};

export class RhythmFeed {
  readonly #monitor: RhythmMonitor;
  readonly #patience: number;
  readonly #entries: Entry[] = [];
  readonly #beats: Entry[] = [];
  readonly #estimates: AwaitedEstimate[] = [];
  #end = 0;
  #toldAt = 0;
  /** Where whoever feeds it is, in whatever it counts by. */
  moment = 0;

  /** @param patience pipeline samples that an answer is waited for */
  constructor(monitor: RhythmMonitor, patience: number) {
    this.#monitor = monitor;
    this.#patience = patience;
  }

  /** The moment at which what the monitor hears now came, however long it waited for answers. */
  get toldAt(): number {
    return this.#toldAt;
  }

  /** A beat or a window was given to its network: its answer belongs here. */
  expectBeat(): void {
    this.#beats.push(this.#await(this.#beats[0]));
  }

  expectEstimate(sample: number): void {
    this.#estimates.push({ entry: this.#await(this.#estimates[0]?.entry), sample });
  }

  /** The verdict of the oldest beat that has none. */
  beat(beat: LabelledBeat): void {
    this.#answer(this.#beats.shift(), () => this.#monitor.pushBeat(beat));
  }

  /** Windows before it that have no answer will get none. */
  estimate(estimate: RhythmEstimate): void {
    while ((this.#estimates[0]?.sample ?? Number.POSITIVE_INFINITY) < estimate.sample) this.estimateFailed();
    this.#answer(this.#estimates.shift()?.entry, () => this.#monitor.pushEstimate(estimate));
  }

  /** There will be no answer to the oldest window. */
  estimateFailed(): void {
    this.#answer(this.#estimates.shift()?.entry, NOTHING);
  }

  peak(peak: Peak, doubt: number): void {
    this.#tell(() => this.#monitor.pushPeak(peak, doubt));
  }

  quality(change: QualityChange): void {
    this.#tell(() => this.#monitor.pushQuality(change));
  }

  /** After the peaks, beats and windows that they completed. The arrays may be reused. */
  samples(samples: Samples): void {
    this.#end = samples.first + samples.count;
    this.#advance();
    if (this.#entries.length === 0) {
      this.#toldAt = this.moment;
      this.#monitor.pushSamples(samples);
      return;
    }
    const leads = samples.leads.map((lead) => lead.slice(0, samples.count));
    const kept = { ...samples, leads };
    this.#tell(() => this.#monitor.pushSamples(kept));
  }

  #tell(tell: () => void): void {
    if (this.#entries.length > 0) {
      this.#entries.push({ tell, since: this.#end, moment: this.moment, isLate: false });
      return;
    }
    this.#toldAt = this.moment;
    tell();
  }

  /** @param oldest behind one that was passed by nothing is waited for */
  #await(oldest: Entry | undefined): Entry {
    const entry: Entry = {
      tell: null,
      since: this.#end,
      moment: this.moment,
      isLate: oldest?.isLate ?? false,
    };
    if (!entry.isLate) this.#entries.push(entry);
    return entry;
  }

  #answer(entry: Entry | undefined, tell: () => void): void {
    if (entry === undefined || entry.isLate) {
      this.#toldAt = this.moment;
      tell();
      return;
    }
    entry.tell = tell;
    this.#advance();
  }

  #advance(): void {
    for (let entry = this.#entries[0]; entry !== undefined; entry = this.#entries[0]) {
      if (entry.tell === null) {
        if (this.#end - entry.since <= this.#patience) return;
        entry.isLate = true;
      }
      this.#entries.shift();
      this.#toldAt = entry.moment;
      entry.tell?.();
    }
  }
}
