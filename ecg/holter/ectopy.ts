/** Ectopic beats of one kind: single, in couplets, in runs. */
import { type EctopicRun, ectopicRuns, type RunKind } from '../ec57/runs.ts';
import type { HolterRecording } from './recording.ts';
import type { Ectopy, Place, Run } from './report.ts';

const COUPLET = 2;
const RUN = 3;

export class EctopyCount {
  readonly #kind: RunKind;
  #single = 0;
  #couplets = 0;
  #runs = 0;
  #longest: Run | null = null;
  #fastest: Run | null = null;
  #firstSingle: Place | null = null;
  #firstCouplet: Place | null = null;

  constructor(kind: RunKind) {
    this.#kind = kind;
  }

  /** @param onRun told of each couplet and run that is no fibrillation */
  add(recording: HolterRecording, index: number, onRun: (run: Run) => void): void {
    const { annotations, sampleCount, rateHz, fromS } = recording;
    const period = { rateHz, fromSample: 0, endSample: sampleCount };
    for (const found of ectopicRuns(annotations, period, this.#kind)) {
      // Flutter and fibrillation are told by themselves: EC57 takes them for long runs.
      const isAtrial = this.#kind === 'supraventricular' && (found.hasEpisode || found.isWithin);
      if (isAtrial || found.beats === 0) continue;
      const run = runOf(found, fromS, rateHz, index);
      this.#take(run, found.hasEpisode);
      if (run.beats >= COUPLET || found.hasEpisode) onRun(run);
    }
  }

  /** @param beats of the kind's own class; @param fusion beats that count as its own in a row; @param total of all classes */
  build(beats: number, fusion: number, total: number): Ectopy {
    return {
      beats,
      fusion,
      share: total === 0 ? null : beats / total,
      single: this.#single,
      couplets: this.#couplets,
      runs: this.#runs,
      longest_run: this.#longest,
      fastest_run: this.#fastest,
      first_single: this.#firstSingle,
      first_couplet: this.#firstCouplet,
    };
  }

  #take(run: Run, hasEpisode: boolean): void {
    if (run.beats < COUPLET && !hasEpisode) {
      this.#single++;
      this.#firstSingle ??= placeOf(run);
    } else if (run.beats < RUN && !hasEpisode) {
      this.#couplets++;
      this.#firstCouplet ??= placeOf(run);
    } else {
      this.#runs++;
      if (this.#longest === null || run.beats > this.#longest.beats) this.#longest = run;
      if (run.bpm !== null && run.bpm > (this.#fastest?.bpm ?? 0)) this.#fastest = run;
    }
  }
}

function runOf(
  { start, end, beats, hasEpisode }: EctopicRun,
  fromS: number,
  rateHz: number,
  recording: number,
): Run {
  const duration = (end - start) / rateHz;
  return {
    at_s: fromS + start / rateHz,
    recording,
    sample: start,
    beats,
    duration_s: Number.isFinite(duration) ? duration : 0,
    bpm: beats >= RUN && !hasEpisode && duration > 0 ? (60 * (beats - 1)) / duration : null,
  };
}

function placeOf({ at_s, recording, sample }: Run): Place {
  return { at_s, recording, sample };
}
