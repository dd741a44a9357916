import type { Beat, Peak } from '../types.ts';
import { BeatContext } from './beat-context.ts';
import type { Level } from './level.ts';
import { PatientLead, STRIP_SAMPLES } from './patient-lead.ts';
import { RhythmPlane } from './rhythm-plane.ts';
import { RunningLevel } from './running-level.ts';
import { SampleHistory } from './sample-history.ts';
import { TypicalBeat } from './typical-beat.ts';
import { beatReach, WINDOW_RADIUS_SAMPLES, WINDOW_SAMPLES } from './window.ts';

/**
 * What the three planes of the image hold:
 * `replicated`: the masked beat three times (the paper's);
 * `beat-typical-rhythm`: the masked beat, the patient's typical beat, the rhythm around it;
 * `leads-context`: the masked beat as two leads see it (half a plane each), the typical beats of the two, the beats
 * around it (beat-context.ts). Zeros where there is no second lead. Always with the running level.
 */
export const CHANNEL_LAYOUTS = ['replicated', 'beat-typical-rhythm', 'leads-context'] as const;
export type ChannelLayout = (typeof CHANNEL_LAYOUTS)[number];

export interface BeatBuilderOptions {
  readonly rateHz: 360;
  /** The level of the whole record, or `running`: what is known at the beat. */
  readonly normalisation: 'running' | Level;
  readonly channels: ChannelLayout;
}

/** 22.7 s: a window, the wait for its next peak, and any chunk up to 10 s. */
const HISTORY_SAMPLES = 8192;
/** A peak is known this long after it (417 ms) but for those found by search-back: no beat waits longer for them. */
const PEAK_DELAY_SAMPLES = 150;
/** Peaks that wait for samples or for their neighbour. More are dropped and counted. */
const PENDING_PEAKS = 64;

/**
 * Turns samples of one lead (or two, where the layout shows two) and R peaks into beats. A beat is complete when the next peak is known, or
 * when none came within reach: 1.8 s live (`running`), 3.6 s, the paper's exact mask, with a record's level.
 *
 * Push samples, then the peaks found in them, then `drain`. Images depend only on samples and peaks, not on
 * how they were cut into calls.
 */
export class BeatBuilder {
  readonly #history = new SampleHistory(HISTORY_SAMPLES);
  readonly #runningLevel = new RunningLevel(this.#history);
  readonly #typicalBeat = new TypicalBeat();
  readonly #rhythmPlane = new RhythmPlane();
  readonly #context = new BeatContext();
  /** Of the layout `leads-context`: the leads that have sent samples. */
  readonly #leads: PatientLead[] = [];
  readonly #recordLevel: Level | null;
  readonly #channels: ChannelLayout;
  readonly #reach: number;
  readonly #image = new Float32Array(3 * WINDOW_SAMPLES);
  readonly #pending: Peak[] = [];
  #previous: number | null = null;
  #ignoredPeaks = 0;

  constructor(options: BeatBuilderOptions) {
    this.#recordLevel = options.normalisation === 'running' ? null : options.normalisation;
    this.#channels = options.channels;
    this.#reach = this.#recordLevel === null ? WINDOW_RADIUS_SAMPLES : 2 * WINDOW_RADIUS_SAMPLES;
  }

  /** Peaks that came out of order, or when too many waited. */
  get ignoredPeaks(): number {
    return this.#ignoredPeaks;
  }

  /**
   * @param first index of the first sample; indices skipped since the last call count as lost
   * @param second another lead, for the layout that shows two; null: there is none, or it cannot be read now
   */
  pushSamples(lead: Float32Array, count: number, first: number, second: Float32Array | null = null): void {
    this.#history.push(lead, count, first);
    if (this.#channels !== 'leads-context') {
      this.#runningLevel.advance();
      return;
    }
    this.#pushLead(0, lead, count, first);
    if (second !== null) this.#pushLead(1, second, count, first);
  }

  #pushLead(index: number, lead: Float32Array, count: number, first: number): void {
    while (this.#leads.length <= index) this.#leads.push(new PatientLead());
    this.#leads[index]!.push(lead, count, first);
  }

  pushPeak(peak: Peak): void {
    const last = this.#pending.at(-1)?.sample ?? this.#previous ?? -1;
    if (peak.sample <= last || this.#pending.length === PENDING_PEAKS) this.#ignoredPeaks++;
    else this.#pending.push(peak);
  }

  /** Hands over the beats that are complete. */
  drain(onBeat: (beat: Beat) => void): void {
    while (this.#pending.length > 0) {
      const peak = this.#pending[0]!;
      const next = this.#pending[1];
      const isComplete =
        next === undefined
          ? this.#history.end > peak.sample + this.#reach + PEAK_DELAY_SAMPLES
          : this.#history.end > Math.min(next.sample, peak.sample + this.#reach);
      if (!isComplete) return;
      this.#emit(peak, next, onBeat);
    }
  }

  /**
   * Ends what is pending and forgets the peak before: for the end of the record, and wherever peaks went unseen
   * (a lead that was off), so that no RR interval spans the blind stretch.
   */
  flush(onBeat: (beat: Beat) => void): void {
    while (this.#pending.length > 0) this.#emit(this.#pending[0]!, this.#pending[1], onBeat);
    this.#previous = null;
  }

  #emit(peak: Peak, next: Peak | undefined, onBeat: (beat: Beat) => void): void {
    this.#pending.shift();
    const rrBefore = this.#previous === null ? null : peak.sample - this.#previous;
    const distance = next === undefined ? null : next.sample - peak.sample;
    const rrAfter = distance !== null && distance <= this.#reach ? distance : null;
    this.#previous = peak.sample;
    if (this.#channels === 'leads-context') this.#drawLeads(peak.sample, rrBefore, rrAfter);
    else this.#draw(peak.sample, rrBefore, rrAfter);
    onBeat({ sample: peak.sample, amplitudeMv: peak.amplitudeMv, rrBefore, rrAfter, image: this.#image });
  }

  #drawLeads(peak: number, rrBefore: number | null, rrAfter: number | null): void {
    const prematurity = this.#context.prematurityOf(rrBefore);
    const isOnTime = this.#context.isOnTime(rrBefore);
    for (const [i, lead] of this.#leads.entries()) {
      const at = i * STRIP_SAMPLES;
      lead.take(this.#image, at, WINDOW_SAMPLES + at, { peak, rrBefore, rrAfter }, prematurity, isOnTime);
    }
    const nextPeak = rrAfter === null ? null : peak + rrAfter;
    this.#context.take(
      this.#image,
      2 * WINDOW_SAMPLES,
      { rrBefore, rrAfter },
      WINDOW_RADIUS_SAMPLES,
      nextPeak,
      this.#leads,
    );
  }

  #draw(peak: number, rrBefore: number | null, rrAfter: number | null): void {
    const { mean, deviation } = this.#recordLevel ?? this.#runningLevel.at(peak);
    const image = this.#image;
    const from = peak - beatReach(rrBefore);
    const to = peak + beatReach(rrAfter);
    let index = peak - WINDOW_RADIUS_SAMPLES;
    for (let i = 0; i < WINDOW_SAMPLES; i++, index++) {
      const value = index < from || index > to ? Number.NaN : (this.#history.at(index) - mean) / deviation;
      image[i] = Number.isNaN(value) ? 0 : value;
    }
    if (this.#channels === 'replicated') {
      image.copyWithin(WINDOW_SAMPLES, 0, WINDOW_SAMPLES);
      image.copyWithin(2 * WINDOW_SAMPLES, 0, WINDOW_SAMPLES);
      return;
    }
    this.#typicalBeat.write(image, WINDOW_SAMPLES);
    this.#typicalBeat.remember(image);
    this.#rhythmPlane.write(image, 2 * WINDOW_SAMPLES, rrBefore, rrAfter);
    this.#rhythmPlane.remember(rrBefore);
  }
}
