/**
 * A patient for those without records: the dynamical model of McSharry, Clifford, Tarassenko and Smith, "A
 * dynamical model for generating synthetic electrocardiogram signals" (IEEE Trans Biomed Eng 50(3), 2003), with
 * ventricular beats as a second set of waves. Same seed, same signal.
 *
 * A point runs around a circle once a heart cycle; each wave pulls the signal up or down as the point passes
 * its angle, and the signal falls back to a baseline that moves with breathing:
 *   dz/dt = -sum(height * omega * d / width^2 * exp(-d^2 / (2 width^2))) - (z - z0),   d = angle - wave angle
 * On its limit cycle the published x and y are the cosine and sine of that angle, so only the angle is kept.
 * The pull is in proportion to the angular speed omega (as in Sameni et al. 2007), so that heights do not
 * change with heart rate; and only the rest after the T wave stretches when the interval does.
 */
import type { Annotation } from '../wfdb/annotation.ts';
import { AnnotationCode } from '../wfdb/annotation-codes.ts';
import {
  type BeatShape,
  NORMAL_BEAT,
  REPOLARISED,
  SYNTHETIC_LEAD_NAMES,
  VENTRICULAR_BEAT,
  type Wave,
} from './beat-shapes.ts';
import { DEFAULT_RHYTHM, HeartRhythm, type NextBeat, type RhythmOptions } from './heart-rhythm.ts';
import { SeededRandom } from './seeded-random.ts';

export interface SyntheticOptions extends Partial<RhythmOptions> {
  readonly seed: number;
  readonly rateHz: number;
}

/** The equation is stiff around the QRS complex: it is never stepped more slowly than this. */
const MIN_STEP_RATE_HZ = 720;
/** The shortest rest between a T wave and the next beat's onset; a rhythm faster than that is slowed. */
const MIN_REST_S = 0.02;
const BREATH_HZ = 0.25;
const BREATH_BASELINE_MV = 0.06;
const NOISE_MV = 0.008;

export class SyntheticPatient {
  readonly leadNames = SYNTHETIC_LEAD_NAMES;
  readonly rateHz: number;
  readonly #rhythm: HeartRhythm;
  readonly #noise: SeededRandom;
  readonly #breathPhase: number;
  readonly #stepsPerSample: number;
  readonly #z = new Float64Array(SYNTHETIC_LEAD_NAMES.length);
  #sample = 0;
  /** Of the cycle from one R peak (0) to the next (2 pi). */
  #angle = 0;
  #shape: BeatShape = NORMAL_BEAT;
  #next: NextBeat;

  constructor({ seed, rateHz, ...rhythm }: SyntheticOptions) {
    this.rateHz = rateHz;
    const random = new SeededRandom(seed);
    this.#breathPhase = 2 * Math.PI * random.uniform();
    this.#rhythm = new HeartRhythm({ ...DEFAULT_RHYTHM, ...rhythm }, random);
    this.#noise = new SeededRandom(seed ^ 0x5eed);
    this.#stepsPerSample = Math.max(1, Math.ceil(MIN_STEP_RATE_HZ / rateHz));
    this.#next = this.#rhythm.next();
    // The first beat comes after a short wait, not at sample 0.
    this.#angle = REPOLARISED;
  }

  /**
   * The next `count` samples in millivolts, one array per lead (fewer arrays: fewer leads).
   * @param onBeat called for each true beat, at the sample of its R peak
   */
  read(leads: readonly Float32Array[], count: number, onBeat?: (beat: Annotation) => void): void {
    const stepS = 1 / (this.rateHz * this.#stepsPerSample);
    for (let i = 0; i < count; i++) {
      for (let step = 0; step < this.#stepsPerSample; step++) this.#advance(stepS, onBeat);
      // All leads draw their noise, so that the number asked for does not change the signal.
      for (let lead = 0; lead < this.#z.length; lead++) {
        const value = this.#z[lead]! + NOISE_MV * this.#noise.gaussian();
        const out = leads[lead];
        if (out) out[i] = value;
      }
      this.#sample++;
    }
  }

  #advance(stepS: number, onBeat: ((beat: Annotation) => void) | undefined): void {
    const omega = this.#omega();
    const middle = this.#angle + (omega * stepS) / 2;
    const timeS = this.#sample / this.rateHz;
    const baseline = BREATH_BASELINE_MV * Math.sin(2 * Math.PI * BREATH_HZ * timeS + this.#breathPhase);
    const coming = this.#next.ventricular ? VENTRICULAR_BEAT : NORMAL_BEAT;
    for (let lead = 0; lead < this.#z.length; lead++) {
      // The midpoint of the step: the waves depend on the angle alone, which is known there exactly.
      const pull = pullOf(this.#shape.waves, middle, lead) + pullOf(coming.waves, middle - 2 * Math.PI, lead);
      const z = this.#z[lead]!;
      this.#z[lead] = z + stepS * (omega * pull - (z - baseline));
    }
    this.#angle += omega * stepS;
    if (this.#angle >= 2 * Math.PI) {
      this.#angle -= 2 * Math.PI;
      onBeat?.({
        sample: this.#sample,
        code: this.#next.ventricular ? AnnotationCode.ventricularPremature : AnnotationCode.normal,
        subtype: 0,
        channel: 0,
        num: 0,
        aux: null,
      });
      this.#shape = coming;
      this.#next = this.#rhythm.next();
    }
  }

  /** Radians per second: that of an undisturbed cycle while waves are there, whatever fits in the rest. */
  #omega(): number {
    const { rrS, sinusRrS, ventricular } = this.#next;
    const onset = 2 * Math.PI - (ventricular ? VENTRICULAR_BEAT : NORMAL_BEAT).onset;
    const undisturbed = (2 * Math.PI) / sinusRrS;
    if (this.#angle < REPOLARISED || this.#angle >= onset) return undisturbed;
    const rest = onset - REPOLARISED;
    const wavesS = (2 * Math.PI - rest) / undisturbed;
    return rest / Math.max(MIN_REST_S, rrS - wavesS);
  }
}

function pullOf(waves: readonly Wave[], angle: number, lead: number): number {
  let pull = 0;
  for (const wave of waves) {
    const distance = angle - wave.angle;
    const scaled = distance / wave.width;
    // Beyond five widths nothing is left of a wave.
    if (scaled > 5 || scaled < -5) continue;
    pull -= ((wave.heightsMv[lead] ?? 0) * scaled * Math.exp(-0.5 * scaled * scaled)) / wave.width;
  }
  return pull;
}

export interface SyntheticRecord {
  readonly rateHz: number;
  readonly leadNames: readonly string[];
  /** Millivolts. */
  readonly leads: readonly Float32Array[];
  readonly annotations: readonly Annotation[];
}

/** A whole recording at once, for tests and for tools that want a record. */
export function makeSyntheticRecord(options: SyntheticOptions, durationS: number): SyntheticRecord {
  const patient = new SyntheticPatient(options);
  const count = Math.round(durationS * options.rateHz);
  const leads = patient.leadNames.map(() => new Float32Array(count));
  const annotations: Annotation[] = [];
  patient.read(leads, count, (beat) => annotations.push(beat));
  return { rateHz: options.rateHz, leadNames: patient.leadNames, leads, annotations };
}
