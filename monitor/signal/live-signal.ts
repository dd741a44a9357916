/**
 * The signal of the last minutes as the page knows it: waveform, beats, gaps and lead states on one sample axis.
 * Everything the strip draws is read from here.
 */
import { PIPELINE_RATE_HZ } from '@rhythmd/ecg/types.ts';
import type { BeatEvent, GapEvent, PeakEvent, QualityEvent } from '@rhythmd/protocol/events.ts';
import type { ClockEvent, HelloEvent, SkippedEvent } from '@rhythmd/protocol/stream-messages.ts';
import type { WaveFrame } from '@rhythmd/protocol/wave-frame.ts';
import type { Hole, StripSignal } from '../strip/strip-signal.ts';
import { Bounded } from './bounded.ts';
import { ClockTrack } from './clock-track.ts';
import { DisplayFilter, type FilterBand, type Mains } from './display-filter.ts';
import { type QualityStretch, QualityTrack } from './quality-track.ts';
import { WaveRing } from './wave-ring.ts';

/** Twelve minutes at 360 Hz: two megabytes a lead. */
const RING_SAMPLES = 2 ** 18;
const MAX_BEATS = 3000;
const MAX_PEAKS = 3000;
const MAX_MARKS = 500;
const MAX_LEADS = 16;
/** A lead that is further behind the others is not waited for: it may have stopped. */
const PATIENCE_S = 2;
const NOT_RECEIVED = 'not received';
/** A clock that disagrees by more is another stream: the daemon started again. */
const SAME_STREAM_MS = 3000;

export interface LiveLead {
  name: string;
  readonly raw: WaveRing;
  readonly shown: WaveRing;
  readonly qualities: QualityTrack;
  filter: DisplayFilter;
}

export class LiveSignal implements StripSignal {
  readonly rateHz = PIPELINE_RATE_HZ;
  readonly leads: LiveLead[] = [];
  readonly beats = new Bounded<BeatEvent>(MAX_BEATS);
  readonly peaks = new Bounded<PeakEvent>(MAX_PEAKS);
  readonly holes = new Bounded<Hole>(MAX_MARKS);
  readonly #clock = new ClockTrack(PIPELINE_RATE_HZ);
  /** Grows when something already drawn has to be drawn again. */
  revision = 0;
  /** Grows when there are other leads than before, or other names of them: the paper itself is another. */
  leadsRevision = 0;
  /** How many leads the daemon names; 0: it has not yet, and whatever comes is a lead. */
  #named = 0;
  #band: FilterBand = 'monitor';
  #mains: Mains = 'none';

  /** Index after the newest sample of any lead. */
  get end(): number {
    let end = 0;
    for (const lead of this.leads) end = Math.max(end, lead.raw.end);
    return end;
  }

  /**
   * Index up to which every lead is here, for the pen: each lead comes in blocks of its own, and what the pen passes before
   * a lead's block would look like samples that were lost.
   */
  get drawableEnd(): number {
    const { end } = this;
    const oldest = end - PATIENCE_S * this.rateHz;
    let drawable = end;
    for (const { raw } of this.leads) if (raw.end >= oldest) drawable = Math.min(drawable, raw.end);
    return drawable;
  }

  get start(): number {
    return this.leads[0]?.raw.start ?? 0;
  }

  /** Wall time of a sample; null before the daemon has said. */
  timeOf(sample: number): number | null {
    return this.#clock.timeOf(sample);
  }

  sampleAt(timeMs: number): number | null {
    return this.#clock.sampleAt(timeMs);
  }

  clock(event: ClockEvent): void {
    this.#clock.add(event);
  }

  hello(event: HelloEvent): void {
    const expected = event.clock && this.timeOf(event.clock.sample);
    if (expected === null || Math.abs(event.clock!.t_ms - expected) > SAME_STREAM_MS) this.#clear();
    if (event.clock) this.#clock.add(event.clock);
    for (const beat of event.beats) this.beats.add(beat);
    for (const gap of event.gaps) this.gap(gap);
    for (const quality of event.qualities) this.quality(quality);
    this.setLeadNames(event.info?.leads ?? []);
    this.revision++;
  }

  /** Another patient: nothing of the one before is shown. */
  forget(): void {
    this.#clear();
    this.revision++;
  }

  setLeadNames(names: readonly string[]): void {
    for (let i = 0; i < Math.min(names.length, MAX_LEADS); i++) this.#lead(i).name = names[i]!;
    if (names.length > 0) this.leads.length = Math.min(this.leads.length, names.length);
    this.#named = names.length;
    this.leadsRevision++;
    this.revision++;
  }

  wave({ lead: index, first, samples }: WaveFrame): void {
    if (!this.#isLead(index)) return;
    const lead = this.#lead(index);
    const { end } = lead.raw;
    if (first !== end) lead.filter.interrupt();
    // Not waited for any more: the pen has been there.
    if (first < this.drawableEnd) this.revision++;
    if (end > 0 && first > end && !this.#explained(end, first)) {
      this.holes.add({ sample: end, end: first, cause: NOT_RECEIVED });
      this.revision++;
    }
    lead.raw.write(first, samples);
    lead.filter.process(samples, samples);
    lead.shown.write(first, samples);
    if (first < end) this.#found(first, first + samples.length);
  }

  beat(event: BeatEvent): void {
    this.beats.add(event);
  }

  gap({ sample, lost }: GapEvent): void {
    this.holes.add({ sample: sample - lost, end: sample, cause: 'lost by the source' });
    this.revision++;
  }

  skipped({ first_sample, samples }: SkippedEvent): void {
    this.holes.add({ sample: first_sample, end: first_sample + samples, cause: 'skipped: slow connection' });
    this.revision++;
  }

  quality(event: QualityEvent): void {
    if (!this.#isLead(event.lead)) return;
    this.#lead(event.lead).qualities.changes.add(event);
    this.revision++;
  }

  states(lead: number, from: number, to: number): Iterable<QualityStretch> {
    return this.#lead(lead).qualities.between(from, to);
  }

  /** Filters everything kept again, so that the paper never shows two filters at once. */
  setFilter(band: FilterBand, mains: Mains): void {
    this.#band = band;
    this.#mains = mains;
    for (const lead of this.leads) {
      lead.filter = this.#newFilter();
      lead.shown.clear();
      const { start, end } = lead.raw;
      if (end === 0) continue;
      const samples = new Float32Array(end - start);
      for (let i = 0; i < samples.length; i++) samples[i] = lead.raw.at(start + i);
      lead.filter.process(samples, samples);
      lead.shown.write(start, samples);
    }
    this.revision++;
  }

  /** What was believed lost came late, out of its order: a hole is as long as some lead lacks some of it. */
  #found(from: number, to: number): void {
    const late = this.holes.items.filter(
      ({ sample, end, cause }) => cause === NOT_RECEIVED && sample < to && end > from,
    );
    for (const hole of late) {
      let first = hole.end;
      let last = hole.sample;
      for (let i = hole.sample; i < hole.end; i++) {
        if (!this.leads.some(({ raw }) => i >= raw.start && i < raw.end && Number.isNaN(raw.at(i)))) continue;
        first = Math.min(first, i);
        last = i + 1;
      }
      this.holes.remove(hole);
      if (first < last) this.holes.add({ ...hole, sample: first, end: last });
    }
    if (late.length > 0) this.revision++;
  }

  #explained(from: number, to: number): boolean {
    return this.holes.items.some((hole) => hole.sample <= from && hole.end >= to);
  }

  /** A late word of a lead that is not there any more does not bring it back. */
  #isLead(index: number): boolean {
    return index < MAX_LEADS && (this.#named === 0 || index < this.#named);
  }

  #lead(index: number): LiveLead {
    while (this.leads.length <= index) {
      this.leads.push({
        name: `Lead ${this.leads.length + 1}`,
        raw: new WaveRing(RING_SAMPLES),
        shown: new WaveRing(RING_SAMPLES),
        qualities: new QualityTrack(),
        filter: this.#newFilter(),
      });
      this.leadsRevision++;
      this.revision++;
    }
    return this.leads[index]!;
  }

  #newFilter(): DisplayFilter {
    return new DisplayFilter(this.#band, this.#mains, this.rateHz);
  }

  #clear(): void {
    this.leads.length = 0;
    this.beats.clear();
    this.peaks.clear();
    this.holes.clear();
    this.#clock.clear();
  }
}
