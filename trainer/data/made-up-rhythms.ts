/**
 * Rhythms composed of recorded beats. Few patients have short runs of premature atrial beats between pauses (a sick sinus
 * node), or a sinus rhythm of which every few beats is dropped; those few have thousands of such beats. A network that has
 * hardly seen either takes any irregular rhythm with early beats for atrial fibrillation.
 *
 * The intervals are made up, in ratios to the sinus interval. Everything else of each beat (P waves, QRS residuals, and of
 * the beat that is judged its shape too) is one recorded beat's of the same patient and class.
 */
import {
  BEAT_COLUMNS,
  PAST_BEATS,
  RHYTHM_ROW,
  writeIntervals,
  writeRhythm,
} from '@rhythmd/ecg/beat/beat-context.ts';
import { RecentIntervals } from '@rhythmd/ecg/beat/recent-intervals.ts';
import { IMAGE_SIDE, WINDOW_RADIUS_SAMPLES, WINDOW_SAMPLES } from '@rhythmd/ecg/beat/window.ts';
import type { SeededRandom } from '@rhythmd/ecg/synthetic/seeded-random.ts';
import { EC57_LABELS } from '@rhythmd/ecg/types.ts';
import { type Dataset, IMAGE_STEP, readImage } from './dataset.ts';
import { STORED_SEQUENCE } from './leads-context.ts';

/** Shares of all examples. */
export interface MadeUpShares {
  /** Runs of premature atrial beats, with a pause after each. */
  readonly runs: number;
  /** Sinus rhythm of which beats are dropped. */
  readonly drops: number;
}

const NORMAL = EC57_LABELS.indexOf('N');
const SUPRAVENTRICULAR = EC57_LABELS.indexOf('S');
/** A patient whose beats are taken has so many at least. */
const FEWEST_NORMAL = 50;
const FEWEST_EARLY = 10;
const CONTEXT = 2 * WINDOW_SAMPLES;
/** Beats before the one that is judged: enough that the usual interval is this rhythm's. */
const LEAD_IN = 100;
/** 40 to 110 a minute. */
const SINUS = { from: 196, to: 540 } as const;

interface Patient {
  readonly normal: readonly number[];
  readonly early: readonly number[];
}

/** A beat before the one that is judged, that one, or the next. */
interface Made {
  readonly rr: number;
  readonly isEarly: boolean;
}

export class MadeUpRhythms {
  readonly #dataset: Dataset;
  readonly #shares: MadeUpShares;
  readonly #withRuns: readonly Patient[];
  readonly #withSinus: readonly Patient[];

  /** @param isEarly whether a supraventricular beat of the data set is early */
  constructor(
    dataset: Dataset,
    train: Uint32Array,
    shares: MadeUpShares,
    isEarly: (beat: number) => boolean,
  ) {
    this.#dataset = dataset;
    this.#shares = shares;
    const patients = dataset.records.map(() => ({ normal: [] as number[], early: [] as number[] }));
    for (const beat of train) {
      const { normal, early } = patients[dataset.record[beat]!]!;
      if (dataset.label[beat] === NORMAL) normal.push(beat);
      if (dataset.label[beat] === SUPRAVENTRICULAR && isEarly(beat)) early.push(beat);
    }
    this.#withSinus = patients.filter(({ normal }) => normal.length >= FEWEST_NORMAL);
    this.#withRuns = this.#withSinus.filter(({ early }) => early.length >= FEWEST_EARLY);
  }

  /**
   * Replaces an example by a made-up one, as often as the shares say. Consumes one number of `random` where it does not.
   * @returns the beat of the data set that is judged now; null: the example stays
   */
  replace(image: Float32Array, random: SeededRandom): number | null {
    const draw = random.uniform();
    const { runs, drops } = this.#shares;
    if (draw >= runs + drops) return null;
    const patients = draw < runs ? this.#withRuns : this.#withSinus;
    if (patients.length === 0) return null;
    const patient = one(patients, random);
    const sinus = SINUS.from + (SINUS.to - SINUS.from) * random.uniform();
    const rhythm = draw < runs ? atrialRuns(sinus, random) : droppedBeats(sinus, random);
    return this.#compose(image, rhythm, patient, random);
  }

  #compose(image: Float32Array, rhythm: readonly Made[], patient: Patient, random: SeededRandom): number {
    const beatOf = ({ isEarly }: Made): number => one(isEarly ? patient.early : patient.normal, random);
    const judged = beatOf(rhythm[LEAD_IN]!);
    readImage(this.#dataset, judged, image, 0);
    image.fill(0, CONTEXT, CONTEXT + (PAST_BEATS + 2) * IMAGE_SIDE);
    const intervals = new RecentIntervals();
    for (let i = 0; i <= LEAD_IN; i++) {
      const { rr } = rhythm[i]!;
      intervals.push(Math.log(rr));
      if (i < LEAD_IN) intervals.follow(rr);
    }
    const lnAfter = Math.log(Math.min(rhythm[LEAD_IN + 1]!.rr, WINDOW_RADIUS_SAMPLES));
    writeIntervals(image, CONTEXT, intervals, lnAfter);
    writeRhythm(image, CONTEXT + RHYTHM_ROW * IMAGE_SIDE, intervals, lnAfter);
    for (let row = 0; row <= PAST_BEATS + 1; row++) {
      const beat = row === PAST_BEATS ? judged : beatOf(rhythm[LEAD_IN + row - PAST_BEATS]!);
      // Of the next beat only its P wave is known.
      this.#copyColumns(image, row, beat, 2, row === PAST_BEATS + 1 ? 4 : 8);
      // Whether there are P waves is the patient's, not the beat's.
      this.#copyColumns(image, row, judged, 9, BEAT_COLUMNS);
    }
    return judged;
  }

  #copyColumns(image: Float32Array, row: number, beat: number, from: number, to: number): void {
    const { images, storedSize } = this.#dataset;
    const stored = beat * storedSize + STORED_SEQUENCE + PAST_BEATS * BEAT_COLUMNS;
    for (let column = from; column < to; column++)
      image[CONTEXT + row * IMAGE_SIDE + column] = images[stored + column]! * IMAGE_STEP;
  }
}

/** Runs come after some sinus beats; the first beat of each is coupled, the others follow at the focus's own rate. */
function atrialRuns(sinus: number, random: SeededRandom): Made[] {
  const between = (from: number, to: number): number => from + (to - from) * random.uniform();
  const begins = between(0.05, 0.9);
  const goesOn = between(0.2, 0.95);
  const focus = between(0.4, 0.85);
  const coupling = random.uniform() < 0.5 ? between(0.5, 0.85) : focus * between(0.85, 1.05);
  const focusScatter = between(0.01, 0.08);
  const sinusScatter = between(0.01, 0.06);
  const pause = between(1, 1.8);
  const rhythm: Made[] = [];
  let before = false;
  while (rhythm.length < LEAD_IN + 2) {
    const isEarly: boolean = random.uniform() < (before ? goesOn : begins);
    const ratio = isEarly ? (before ? focus : coupling) : before ? pause : 1;
    const scatter = isEarly ? focusScatter : sinusScatter;
    rhythm.push({ rr: sinus * ratio * Math.exp(scatter * random.gaussian()), isEarly });
    before = isEarly;
  }
  return rhythm;
}

function droppedBeats(sinus: number, random: SeededRandom): Made[] {
  const dropped = 0.03 + 0.47 * random.uniform();
  const scatter = 0.01 + 0.05 * random.uniform();
  return Array.from({ length: LEAD_IN + 2 }, () => {
    const ratio = random.uniform() < dropped ? 1.5 + 0.8 * random.uniform() : 1;
    return { rr: sinus * ratio * Math.exp(scatter * random.gaussian()), isEarly: false };
  });
}

function one<T>(values: readonly T[], random: SeededRandom): T {
  return values[Math.floor(random.uniform() * values.length)]!;
}
