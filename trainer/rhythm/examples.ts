/** Windows to learn from, drawn by class, database, record and moment, and changed as other patients' leads would be. */
import { RHYTHM_CLASSES, RHYTHM_WINDOW_SAMPLES } from '@rhythmd/ecg/rhythm/rhythm-estimate.ts';
import type { SeededRandom } from '@rhythmd/ecg/synthetic/seeded-random.ts';
import { AnnotationCode } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import { BeatBank } from './beat-bank.ts';
import { disturb, drown, noiseAlone } from './disturbance.ts';
import { drawnFrom, happens } from './draws.ts';
import {
  ectopicHeart,
  fastNarrow,
  flutter,
  slowHeart,
  standstill,
  ventricularRun,
} from './made-up-rhythms.ts';
import { ASYSTOLE, FIBRILLATION, NOISE, ORGANISED, type RhythmDatabase, TACHYCARDIA } from './reference.ts';
import { CLASS_SHARES, DATABASE_WEIGHTS, ECTOPIC_SHARE, MADE_UP, TAIL_SAMPLES } from './rhythm-recipe.ts';
import type { RecordedNoise, RhythmRecord } from './rhythm-record.ts';
import { type TrainingWindow, trainingWindows } from './training-windows.ts';

const LENGTH = RHYTHM_WINDOW_SAMPLES;
const CLASSES = RHYTHM_CLASSES.length;
/** Faster or slower by up to a fifth. */
const LARGEST_STRETCH = 1.22;
const STRETCH_DEVIATION = 0.08;
const NEEDED = Math.ceil(LENGTH * LARGEST_STRETCH) + 2;
/** Moments that can be drawn lie a sixth of a second apart. */
const GRID = 15;
/** A record weighs less with fewer moments than this; a database with fewer records of a class than that. */
const WHOLE_RECORD = 60;
const WHOLE_DATABASE = 4;
const GAIN_DEVIATION = 0.45;
const LARGEST_GAIN = 4;

interface Moments {
  readonly record: RhythmRecord;
  readonly windows: readonly TrainingWindow[];
}

/** One class's records by database. */
type Pool = ReadonlyMap<RhythmDatabase, readonly Moments[]>;

export class RhythmExamples {
  readonly #bank: BeatBank;
  readonly #noise: RecordedNoise;
  readonly #pools: readonly Pool[];
  /** Organised windows with a ventricular beat in their last two seconds. */
  readonly #ectopic: Pool;

  constructor(records: readonly RhythmRecord[], noise: RecordedNoise, random: SeededRandom) {
    this.#bank = new BeatBank(records, random);
    this.#noise = noise;
    this.#pools = poolsOf(records);
    this.#ectopic = ectopicOf(this.#pools[ORGANISED]!);
  }

  /** One window in millivolts and its target, a distribution over the classes. */
  draw(random: SeededRandom): { readonly window: Float32Array; readonly target: Float32Array } {
    const c = drawIndex(CLASS_SHARES, random);
    const example = this.#ofClass(c, random);
    const { window } = example;
    const turned = happens(0.5, random) ? -1 : 1;
    // Noise and standstill have their sizes already.
    const largest = c === ASYSTOLE ? 2 : LARGEST_GAIN;
    const gain = c === NOISE ? 1 : Math.min(largest, Math.exp(GAIN_DEVIATION * random.gaussian()));
    for (let i = 0; i < LENGTH; i++) window[i]! *= turned * gain;
    if (c !== NOISE) disturb(window, this.#noise, c === ASYSTOLE, random);
    return example;
  }

  #ofClass(c: number, random: SeededRandom): { window: Float32Array; target: Float32Array } {
    const draw = random.uniform();
    const pure = (window: Float32Array): { window: Float32Array; target: Float32Array } => ({
      window,
      target: Float32Array.from({ length: CLASSES }, (_, other) => (other === c ? 1 : 0)),
    });
    if (c === ORGANISED && draw < MADE_UP.slow) return pure(slowHeart(LENGTH, this.#bank, random));
    if (c === ORGANISED && draw < MADE_UP.slow + MADE_UP.fast)
      return pure(fastNarrow(LENGTH, this.#bank, random));
    if (c === ORGANISED && draw < MADE_UP.slow + MADE_UP.fast + MADE_UP.ectopic) {
      return pure(ectopicHeart(LENGTH, this.#bank, random));
    }
    if (c === FIBRILLATION && draw < MADE_UP.flutter) return pure(flutter(LENGTH, random));
    if (c === ASYSTOLE && (draw < MADE_UP.standstill || this.#pools[c]!.size === 0)) {
      return pure(standstill(LENGTH, this.#bank, random));
    }
    if (c === TACHYCARDIA && draw < MADE_UP.ventricular) {
      const window = new Float32Array(LENGTH);
      const share = ventricularRun(window, TAIL_SAMPLES, this.#bank, random);
      const target = new Float32Array(CLASSES);
      target[TACHYCARDIA] = share;
      target[ORGANISED] = 1 - share;
      return { window, target };
    }
    if (c === NOISE) {
      if (draw < MADE_UP.noise) return pure(noiseAlone(LENGTH, this.#noise, random));
      const { window } = this.#recorded(drawnFrom([ORGANISED, TACHYCARDIA], random), random);
      drown(window, this.#noise, random);
      return pure(window);
    }
    const isEctopic = c === ORGANISED && this.#ectopic.size > 0 && happens(ECTOPIC_SHARE, random);
    return isEctopic ? this.#from(this.#ectopic, random) : this.#recorded(c, random);
  }

  #recorded(c: number, random: SeededRandom): { window: Float32Array; target: Float32Array } {
    return this.#from(this.#pools[c]!, random);
  }

  #from(pool: Pool, random: SeededRandom): { window: Float32Array; target: Float32Array } {
    const databases = [...pool.keys()];
    const weights = databases.map(
      (name) => DATABASE_WEIGHTS[name] * Math.min(1, pool.get(name)!.length / WHOLE_DATABASE),
    );
    const list = pool.get(databases[drawIndex(weights, random)]!)!;
    const recordWeights = list.map(({ windows }) => Math.sqrt(Math.min(1, windows.length / WHOLE_RECORD)));
    const { record, windows } = list[drawIndex(recordWeights, random)]!;
    const { end, target } = drawnFrom(windows, random);
    return { window: windowBefore(record.leads, end, random), target: target.slice() };
  }
}

/** The stretch before `end`, seen from any direction between two leads, a little faster or slower. */
function windowBefore(leads: readonly Float32Array[], end: number, random: SeededRandom): Float32Array {
  const [first, second] = leads;
  const isTurned = second !== undefined && happens(0.5, random);
  const angle = isTurned ? 2 * Math.PI * random.uniform() : 0;
  const [a, b] = [Math.cos(angle), Math.sin(angle)];
  const drawn = Math.exp(STRETCH_DEVIATION * random.gaussian());
  const stretch = Math.max(1 / LARGEST_STRETCH, Math.min(LARGEST_STRETCH, drawn));
  const at = (i: number): number => a * first![i]! + (isTurned ? b * second[i]! : 0);
  return Float32Array.from({ length: LENGTH }, (_, i) => {
    const position = end - 1 - (LENGTH - 1 - i) * stretch;
    const before = Math.floor(position);
    const rest = position - before;
    return rest === 0 ? at(before) : at(before) * (1 - rest) + at(before + 1) * rest;
  });
}

function poolsOf(records: readonly RhythmRecord[]): Pool[] {
  const pools = RHYTHM_CLASSES.map(() => new Map<RhythmDatabase, Moments[]>());
  for (const record of records) {
    const taught = trainingWindows(record.reference, NEEDED, GRID);
    for (const [c, pool] of pools.entries()) {
      const windows = taught.filter(({ target }) => target[c]! >= 0.5);
      const list = pool.get(record.database) ?? [];
      if (windows.length > 0) pool.set(record.database, [...list, { record, windows }]);
    }
  }
  return pools;
}

function ectopicOf(organised: Pool): Pool {
  const pool = new Map<RhythmDatabase, Moments[]>();
  for (const [database, list] of organised) {
    const kept = list
      .map(({ record, windows }) => {
        const beats = record.beats.filter(({ code }) => code === AnnotationCode.ventricularPremature);
        let next = 0;
        return {
          record,
          windows: windows.filter(({ end }) => {
            while (next < beats.length && beats[next]!.at < end - TAIL_SAMPLES) next++;
            return next < beats.length && beats[next]!.at < end;
          }),
        };
      })
      .filter(({ windows }) => windows.length > 0);
    if (kept.length > 0) pool.set(database, kept);
  }
  return pool;
}

/** @returns an index, drawn in proportion to the weights */
function drawIndex(weights: readonly number[], random: SeededRandom): number {
  let left = random.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [i, weight] of weights.entries()) {
    left -= weight;
    if (left < 0) return i;
  }
  return weights.length - 1;
}
