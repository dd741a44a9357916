import { type Peak, PIPELINE_RATE_HZ, type Samples } from '../../types.ts';
import { RPosition } from '../r-position.ts';
import { Resampler } from '../resampler.ts';
import { BAND_MASK, QRS_DELAY, STEP_OFFSET_SAMPLES, STEP_RATE_HZ, STEP_SAMPLES } from './bands.ts';
import { type Candidate, HUMP_REACH, isHump } from './candidates.ts';
import { type CandidateContext, LOOK_AHEAD_STEPS, LOWEST_SHARE } from './features.ts';
import { LEARNING_STEPS } from './lead.ts';
import { QrsLeads } from './leads.ts';
import { QrsScorer, shippedWeights } from './scorer.ts';
import { QrsTiming } from './timing.ts';

/** Two beats are at least this far apart (150 ms, EC57's match window: closer, they are one to any referee). */
const REFRACTORY = Math.round(0.15 * STEP_RATE_HZ);
/** Without a beat for this long (2.5 s) levels are lowered, and the last beat counts as no older than 1.25 s. */
const SILENCE = Math.round(2.5 * STEP_RATE_HZ);
const SILENCE_RESUME = SILENCE / 2;
/** A candidate above this score is a beat: a little more likely than not, as search-back gives a second chance. */
const ACCEPT_SCORE = 0.5;
/** Beats of at least this score shape the templates: an artefact taken for a beat must not make more of its kind. */
const SURE_SCORE = 2;
/** A refused candidate above this score, the best since the last beat, gets two more chances. */
const RESCUE_SCORE = -1;
/** As a beat it must be this far from the beats on both sides (200 ms). */
const RESCUE_DISTANCE = Math.round(0.2 * STEP_RATE_HZ);
/** Second look, this long after the first (50 ms): it is a beat when nothing follows it that could be one. */
const SECOND_LOOK = Math.round(0.05 * STEP_RATE_HZ);
/** What could be a beat: half of the usual height, no nearer than the distance above. */
const FOLLOWER_SHARE = 0.5;
/** And in some lead the envelope's mean is below a fifth of its height at beats: in noise a pause proves nothing. */
const CALM_CLARITY = 20;
/** Search-back: it is a beat when the next beat leaves a gap of this many intervals */
const RESCUE_INTERVALS = 1.3;
/** and no longer ago than this (4 s). */
const RESCUE_REACH = 4 * STEP_RATE_HZ;
/** A gap longer than this (10 s) ends what was learned. */
const FORGET = 10 * STEP_RATE_HZ;
/** Candidates that wait for their look-ahead: humps are at least 8 steps apart. A power of two. */
const QUEUE = 256;
/** Samples taken at once, so that no ring is overrun. */
const BLOCK = 360;

/**
 * QRS complexes in one or more leads, causal, at any rate from 100 to 1,000 Hz.
 *
 * Humps of the leads' common envelope are candidates. Each is scored, one look-ahead (308 ms) later, by a small
 * network that compares it with the patient's own beats, noise and rhythm; leads add their evidence. A refused
 * candidate is looked at again 50 ms later, and when the next beat leaves a gap. docs/detector.md has what this gives.
 */
export class QrsDetector {
  readonly #resampler: Resampler | null;
  readonly #leads: QrsLeads;
  readonly #timing = new QrsTiming();
  readonly #scorer: QrsScorer;
  readonly #rPosition = new RPosition();
  readonly #onCandidate: ((candidate: Candidate) => void) | null;
  readonly #context: CandidateContext = {
    steps: new Int32Array(QUEUE),
    mask: QUEUE - 1,
    head: 0,
    tail: 0,
    lastScore: 0,
    refusedScore: null,
  };
  #refusedStep = 0;
  /** Sample after the newest, and sample of step 0: sample = origin + 3 * step. */
  #end = 0;
  #isOpen = false;
  #origin = 0;
  #firstStep = 0;
  #learned = false;
  /** Sample at which the first levels were known. */
  #learnedAt = 0;
  /** Next step whose common envelope is to be made. */
  #next = 0;

  constructor(options: {
    rateHz: number;
    leads: number;
    weights?: Float32Array | null;
    onCandidate?: (candidate: Candidate) => void;
  }) {
    const { rateHz, leads, weights = shippedWeights(), onCandidate = null } = options;
    this.#resampler =
      rateHz === PIPELINE_RATE_HZ
        ? null
        : new Resampler({ inputRateHz: rateHz, outputRateHz: PIPELINE_RATE_HZ, leads });
    this.#leads = new QrsLeads(leads);
    this.#scorer = new QrsScorer(leads, weights);
    this.#onCandidate = onCandidate;
  }

  /** Peaks come in order; `sample` and `knownAt` count pipeline samples (360 Hz) from the stream's start. */
  push(samples: Samples, onPeak: (peak: Peak) => void): void {
    if (this.#resampler === null) this.#push(samples, onPeak);
    else this.#resampler.push(samples, (resampled) => this.#push(resampled, onPeak));
  }

  /** The stream has ended: what waits for its look-ahead is judged without. */
  flush(onPeak: (peak: Peak) => void): void {
    this.#resampler?.flush((resampled) => this.#push(resampled, onPeak));
    this.#endStretch(onPeak);
  }

  #push(samples: Samples, onPeak: (peak: Peak) => void): void {
    if (!this.#isOpen || samples.first !== this.#end) {
      this.#endStretch(onPeak);
      this.#startStretch(samples.first);
    }
    for (let from = 0; from < samples.count; from += BLOCK) {
      const to = Math.min(samples.count, from + BLOCK);
      this.#leads.push(samples.leads, from, to);
      this.#end += to - from;
      this.#advance(onPeak);
    }
  }

  #startStretch(first: number): void {
    // Steps go on over a short gap, so that intervals stay true.
    const silence = Math.ceil((first - this.#end) / STEP_SAMPLES);
    const goesOn = this.#learned && silence >= 0 && silence <= FORGET;
    const step = goesOn ? Math.ceil((first - this.#origin) / STEP_SAMPLES) : 0;
    this.#learned = goesOn;
    this.#isOpen = true;
    this.#origin = first - STEP_SAMPLES * step;
    this.#firstStep = step;
    this.#next = step;
    this.#end = first;
    this.#context.head = this.#context.tail;
    this.#context.refusedScore = null;
    this.#leads.restart(first, step);
  }

  /** Judges what waits, as if the last sample were held for the length of the look-ahead. */
  #endStretch(onPeak: (peak: Peak) => void): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#leads.hold(STEP_SAMPLES * (LOOK_AHEAD_STEPS + HUMP_REACH));
    if (!this.#learned) this.#learn();
    this.#advance(onPeak);
  }

  #advance(onPeak: (peak: Peak) => void): void {
    const newest = this.#leads.steps;
    if (!this.#learned) {
      if (newest - this.#firstStep < LEARNING_STEPS + QRS_DELAY) return;
      this.#learn();
    }
    const context = this.#context;
    const leads = this.#leads;
    for (; this.#next < newest - QRS_DELAY; this.#next++) {
      const step = this.#next;
      leads.combine(step);
      const candidate = step - HUMP_REACH;
      if (candidate > this.#firstStep && isHump(leads.common, candidate)) {
        context.steps[context.tail++ & context.mask] = candidate;
      }
      const due = step + QRS_DELAY - LOOK_AHEAD_STEPS;
      if (context.refusedScore !== null && this.#refusedStep === due - SECOND_LOOK)
        this.#lookAgain(due, onPeak);
      if (context.head < context.tail && context.steps[context.head & context.mask]! <= due) {
        this.#judge(context.steps[context.head & context.mask]!, onPeak);
        context.head++;
      }
    }
  }

  #learn(): void {
    this.#leads.learn(this.#firstStep);
    this.#timing.begin(this.#firstStep);
    this.#learnedAt = this.#origin + STEP_SAMPLES * (this.#firstStep + LEARNING_STEPS + QRS_DELAY) - 1;
    this.#learned = true;
  }

  #judge(n: number, onPeak: (peak: Peak) => void): void {
    const timing = this.#timing;
    if (timing.hasBeat && n - timing.last > SILENCE) {
      this.#leads.lowerLevels();
      timing.last = Math.max(timing.last, n - SILENCE_RESUME);
    }
    const highest = this.#leads.focus(n);
    if (highest < LOWEST_SHARE || n - timing.last < REFRACTORY) {
      this.#report(n, null);
      return;
    }
    const context = this.#context;
    const score = this.#scorer.score(this.#leads, timing, context);
    this.#report(n, score);
    if (score > ACCEPT_SCORE) {
      this.#rescue(n, onPeak);
      this.#accept(n, score, onPeak);
    } else {
      this.#leads.refuse();
      if (context.refusedScore === null || score > context.refusedScore) {
        context.refusedScore = score;
        this.#refusedStep = n;
      }
    }
  }

  #report(n: number, score: number | null): void {
    if (this.#onCandidate === null) return;
    const { features } = this.#scorer;
    this.#onCandidate({
      sample: this.#sampleOf(n),
      height: this.#leads.common[n & BAND_MASK]!,
      scored: score === null ? null : { features, score },
    });
  }

  /** The network sees 308 ms; most beats it doubts are proved by the calm after them, known in time for their message. */
  #lookAgain(due: number, onPeak: (peak: Peak) => void): void {
    const step = this.#refusedStep;
    if (!this.#mayBeBeat(step) || this.#leads.clarity < CALM_CLARITY) return;
    const { common } = this.#leads;
    for (let k = step + RESCUE_DISTANCE; k <= this.#next; k++) {
      if (common[k & BAND_MASK]! > FOLLOWER_SHARE) return;
    }
    this.#leads.focus(step);
    this.#accept(step, this.#context.refusedScore!, onPeak, due);
  }

  /** Search-back: what waited for the next beat comes late, with it. */
  #rescue(n: number, onPeak: (peak: Peak) => void): void {
    const timing = this.#timing;
    const step = this.#refusedStep;
    if (!this.#mayBeBeat(step) || n - timing.last < RESCUE_INTERVALS * timing.interval) return;
    if (n - step < RESCUE_DISTANCE || n - step > RESCUE_REACH) return;
    this.#leads.focus(step);
    this.#accept(step, this.#context.refusedScore!, onPeak, n);
    this.#leads.focus(n);
  }

  #mayBeBeat(refusedStep: number): boolean {
    const { refusedScore } = this.#context;
    if (refusedScore === null || refusedScore < RESCUE_SCORE || !this.#timing.hasBeat) return false;
    return refusedStep - this.#timing.last >= RESCUE_DISTANCE;
  }

  #accept(n: number, score: number, onPeak: (peak: Peak) => void, knownStep = n): void {
    this.#leads.accept(score > SURE_SCORE);
    this.#timing.acceptBeat(n);
    this.#context.lastScore = score;
    this.#context.refusedScore = null;
    const due = this.#origin + STEP_SAMPLES * (knownStep + LOOK_AHEAD_STEPS + 1) - 1;
    const { sample, amplitude } = this.#rPosition.find(this.#leads.clearestRaw(), this.#sampleOf(n));
    onPeak({
      sample,
      amplitudeMv: amplitude,
      knownAt: Math.min(this.#end - 1, Math.max(due, this.#learnedAt)),
    });
  }

  #sampleOf(step: number): number {
    return this.#origin + STEP_SAMPLES * step - STEP_OFFSET_SAMPLES;
  }
}
