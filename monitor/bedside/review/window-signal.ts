/** Some minutes out of the recordings (or out of the page's own memory), ready to be drawn and measured. */
import type { BeatLabel, LeadQuality } from '@rhythmd/ecg/types.ts';
import type { TimedSignal } from '../../measure/still-paper.ts';
import { Bounded } from '../../signal/bounded.ts';
import { DisplayFilter, type FilterBand, type Mains } from '../../signal/display-filter.ts';
import { type QualityStretch, QualityTrack } from '../../signal/quality-track.ts';
import type { Hole, StripBeat, StripLead } from '../../strip/strip-signal.ts';

const QUALITIES: readonly LeadQuality[] = ['noisy', 'flat', 'saturated', 'off', 'settling', 'stalled'];
const MAX_BEATS = 5000;
/** Shorter holes are drawn as a break of the line and need no words. */
const MIN_HOLE_S = 0.2;

export class WindowSignal implements TimedSignal {
  readonly rateHz: number;
  readonly leads: readonly (StripLead & { readonly samples: Float32Array })[];
  readonly beats = new Bounded<StripBeat>(MAX_BEATS);
  readonly peaks = new Bounded<{ readonly sample: number }>(1);
  readonly holes = new Bounded<Hole>(500);
  readonly qualities: readonly QualityTrack[];
  /** Sample 0. */
  readonly startMs: number;
  readonly length: number;
  /** In order; what holds at the beginning stands before sample 0. */
  readonly rhythms: { readonly sample: number; readonly name: string }[] = [];

  /** @param raw one array a lead as received, millivolts, NaN where there is nothing. */
  constructor(
    startMs: number,
    rateHz: number,
    names: readonly string[],
    raw: readonly Float32Array[],
    filter: { band: FilterBand; mains: Mains },
  ) {
    this.startMs = startMs;
    this.rateHz = rateHz;
    this.length = raw[0]?.length ?? 0;
    this.leads = raw.map((samples, i) => {
      const shown = new Float32Array(samples.length);
      new DisplayFilter(filter.band, filter.mains, rateHz).process(samples, shown);
      return {
        name: names[i] ?? `Lead ${i + 1}`,
        samples: shown,
        shown: { at: (at: number) => shown[at] ?? Number.NaN },
      };
    });
    this.qualities = raw.map(() => new QualityTrack());
    if (raw[0]) this.#findHoles(raw[0]);
  }

  timeOf(sample: number): number {
    return this.startMs + (sample / this.rateHz) * 1000;
  }

  sampleAt(timeMs: number): number {
    return Math.round(((timeMs - this.startMs) / 1000) * this.rateHz);
  }

  /** In order of time. */
  addBeats(timesMs: readonly number[], labels: readonly (BeatLabel | null)[]): void {
    let before: number | null = null;
    timesMs.forEach((timeMs, i) => {
      const sample = this.sampleAt(timeMs);
      const rrMs = before === null ? null : timeMs - before;
      this.beats.add({ sample, label: labels[i] ?? null, code: labels[i] ?? 'Q', rr_ms: rrMs });
      before = timeMs;
    });
  }

  states(lead: number, from: number, to: number): Iterable<QualityStretch> {
    return this.qualities[lead]?.between(from, to) ?? [];
  }

  /**
   * The recorder's quality mark: `good`, or the leads that are not, as `MLII off, V1 noisy`
   * (daemon/sink/recorder/marks.ts).
   */
  addQualityMark(timeMs: number, text: string): void {
    const sample = this.sampleAt(timeMs);
    const said = new Map(
      text.split(', ').map((words) => [words.replace(/ \w+$/, ''), words.split(' ').at(-1)]),
    );
    this.leads.forEach(({ name }, i) => {
      const quality = QUALITIES.find((known) => known === said.get(name)) ?? 'good';
      this.qualities[i]!.changes.add({ sample, quality });
    });
  }

  /** @param name as WFDB writes it, without the bracket. In order of time. */
  addRhythm(timeMs: number, name: string): void {
    this.rhythms.push({ sample: this.sampleAt(timeMs), name });
  }

  #findHoles(samples: Float32Array): void {
    let start = -1;
    for (let i = 0; i <= samples.length; i++) {
      const missing = i < samples.length && Number.isNaN(samples[i]!);
      if (missing && start < 0) start = i;
      if (missing || start < 0) continue;
      if (i - start >= MIN_HOLE_S * this.rateHz)
        this.holes.add({ sample: start, end: i, cause: 'not recorded' });
      start = -1;
    }
  }
}
