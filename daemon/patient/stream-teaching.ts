/** Which beats of a stream a person could be asked about, with the signal around them. */
import type { BeatLook } from '@rhythmd/ecg/teaching/beat-look.ts';
import { DoubtfulBeats } from '@rhythmd/ecg/teaching/doubtful-beats.ts';
import { type BeatLabel, PIPELINE_RATE_HZ, type Samples } from '@rhythmd/ecg/types.ts';
import type { StripEvent } from '@rhythmd/protocol/events.ts';
import { WaveMemory } from '../publish/wave-memory.ts';

/** 12 minutes and 8 seconds of one lead, 1 MB: five minutes, and time to think. */
const REMEMBERED_SAMPLES = 2 ** 18;
/** What is shown: the beats before it say most of an early one. */
const SHOWN_BEFORE = 2.4 * PIPELINE_RATE_HZ;
const SHOWN = 4 * PIPELINE_RATE_HZ;
/** So that what was asked about can still be shown while it is answered. */
const MARGIN_SAMPLES = 60 * PIPELINE_RATE_HZ;

interface Published {
  readonly id: string;
  readonly label: BeatLabel;
}

export interface Question extends Published {
  readonly sample: number;
  readonly look: BeatLook;
}

export class StreamTeaching {
  readonly #lead: number;
  readonly #memory: WaveMemory;
  readonly #doubtful = new DoubtfulBeats<Published>();
  readonly #samples: Float32Array[] = [];

  constructor(lead: number, leadName: string) {
    this.#lead = lead;
    this.#memory = new WaveMemory([leadName], REMEMBERED_SAMPLES);
  }

  pushSamples(samples: Samples): void {
    this.#samples[0] = samples.leads[this.#lead]!;
    this.#memory.push({ ...samples, leads: this.#samples });
  }

  /** A beat was published. @param look copied where it is kept */
  pushBeat(sample: number, look: BeatLook, id: string, label: BeatLabel): void {
    this.#doubtful.push(sample, look, { id, label });
  }

  /** The least certain beats whose signal is there to be shown. */
  questions(count: number): Question[] {
    const { start, end } = this.#memory;
    // Before the memory is full nothing is about to be overwritten.
    this.#doubtful.forgetBefore(end - start < REMEMBERED_SAMPLES ? start : start + MARGIN_SAMPLES);
    const isShown = ({ sample }: { readonly sample: number }) => sample - SHOWN_BEFORE + SHOWN <= end;
    return this.#doubtful
      .choose(count, isShown)
      .map(({ sample, look, facts }) => ({ sample, look, ...facts }));
  }

  /** @param timeOf wall time of a sample. @throws RhythmdError E_STRIP_GONE */
  strip(sample: number, timeOf: (sample: number) => number): StripEvent {
    const first = Math.round(sample - SHOWN_BEFORE);
    return this.#memory.strip({ alertId: '', lead: 0, first, count: SHOWN, timeMs: timeOf(first) });
  }
}
