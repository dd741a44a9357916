/**
 * Asystole: no beat for `asystoleSeconds`. It works on peaks, which are known earlier than verdicts, and on time, since
 * what it waits for never comes. Three witnesses, each enough:
 *
 * - a lead that can be read has no beat. One that goes on moving as in a beat may have beats the detector lost: then the
 *   alert waits twice as long. It still comes, for the patient may move while the heart does not.
 * - a lead that cannot be read is quiet where QRS complexes would be: noise is not quiet, a standstill is.
 * - the rhythm network says so, and no beat contradicts it.
 *
 * Where the lead moves in waves that repeat themselves (wave-rate.ts), complexes too wide for the detector, the alert is one of
 * ventricular tachycardia.
 *
 * A peak far smaller than the beats before it is none: in the noise of a standstill a detector finds something. One beat
 * after the silence is an escape beat, not recovery: the alert ends with the second beat within the limit of the
 * first, and with nothing else. It stays when the signal goes.
 */
import { Deflections } from './deflections.ts';
import { Episode } from './episode.ts';
import type { AlertIssuer } from './issuer.ts';
import type { Readability } from './readability.ts';
import type { RhythmEvidence } from './rhythm-evidence.ts';
import type { RhythmRule } from './rule.ts';
import type { RhythmSettings } from './settings.ts';
import type { VentricularTachycardia } from './ventricular-tachycardia.ts';

/** A detector may tell of a beat this long after it (search back): silence is only counted up to here. */
const DETECTOR_DELAY_SECONDS = 1;
/** A beat's own waves lie within this of its peak: 500 ms holds the T wave. */
const WAVES_SECONDS = 0.5;
/** Deflections of this share of a beat's may be beats; P and T waves stay below it. */
const BEAT_SHARE = 0.5;
const WAIT_FACTOR = 2;
/** Peaks below this share of the usual beats are noise, and a lead that stays below it is quiet; P waves are. */
const QUIET_SHARE = 0.15;
/** Quiet where no beat is known, in millivolts: half of the lowest QRS that is looked for. */
const QUIET_MV = 0.05;
/** So many small peaks at even distances are beats after all: the electrode moved. */
const SMALL_BEATS = 8;
const EVEN_RATIO = 1.3;
/** Below a tenth of a microvolt nothing moves, in millivolts. */
const DEAD_RANGE_MV = 1e-4;
/** What the network said in this time counts. */
const NETWORK_SECONDS = 2;

export interface AsystoleParts {
  readonly issuer: AlertIssuer;
  readonly readability: Readability;
  readonly evidence: RhythmEvidence;
  readonly settings: RhythmSettings;
  readonly rateHz: number;
  /** Another rule explains the missing beats (a fibrillating waveform has no QRS). */
  readonly explained: () => boolean;
  /** The rate at which the waveform repeats itself. */
  readonly waveBpm: () => number | null;
  readonly tachycardia: VentricularTachycardia;
}

export class AsystoleRule implements RhythmRule {
  readonly #parts: AsystoleParts;
  readonly #episode: Episode;
  readonly #deflections: Deflections;
  #lastPeak: number | null = null;
  /** Small peaks since the last beat. */
  readonly #small: number[] = [];
  /** Until here something else explained the silence, or nothing was there to be silent. */
  #explainedUntil = 0;
  #waveformSince: number | null = null;
  /** What the lead began with; NaN before. */
  #first = Number.NaN;
  #now = 0;

  constructor(parts: AsystoleParts) {
    this.#parts = parts;
    this.#episode = new Episode('asystole', parts.issuer);
    this.#deflections = new Deflections(parts.rateHz, (sample, deflection) =>
      this.#measured(sample, deflection),
    );
  }

  /** In samples. */
  get #limit(): number {
    return this.#parts.settings.asystoleSeconds * this.#parts.rateHz;
  }

  /** The lead has moved since its signal came: what stands still now is a heart's. */
  get isAlive(): boolean {
    return this.#waveformSince !== null;
  }

  get active(): boolean {
    return this.#episode.active;
  }

  /** Samples of the analysed lead, whether or not beats can be read from it. */
  pushSamples(lead: Float32Array, count: number, first: number): void {
    for (let i = 0; this.#waveformSince === null && i < count; i += 1)
      this.#seekMovement(lead[i]!, first + i);
    this.#deflections.push(lead, count, first);
  }

  /** The lead carries no signal from here on, or samples were lost. */
  restart(): void {
    this.#waveformSince = null;
    this.#first = Number.NaN;
  }

  /** A beat as soon as it is known; whether it is one is seen when its waves are there. */
  peak(sample: number): void {
    this.#waveformSince ??= sample;
    this.#deflections.beat(sample);
  }

  tick(now: number): void {
    this.#now = now;
    if (this.#parts.explained()) this.#explainedUntil = now;
    if (this.#episode.active || this.#waveformSince === null) return;
    const delay = DETECTOR_DELAY_SECONDS * this.#parts.rateHz;
    const silentSince = Math.max(this.#lastPeak ?? 0, this.#waveformSince, this.#explainedUntil);
    if (now - silentSince < this.#limit + delay) return;
    const witness = this.#witness(silentSince, now);
    if (witness === null) return;
    if (witness.name === 'beats' && this.#tellWaves(now)) return;
    const seconds = Math.round((now - silentSince) / this.#parts.rateHz);
    this.#episode.report({
      startSample: silentSince,
      sample: now,
      text: `No beat for ${seconds} s`,
      evidence: {
        silent_s: seconds,
        rate_bpm: 0,
        lead_moves: witness.moves ? 'yes' : 'no',
        seen_by: witness.name,
      },
    });
  }

  /** A line that never moved shows no heart, and no patient: it is dead, which the gate tells (contact.ts). */
  #seekMovement(valueMv: number, sample: number): void {
    if (Number.isNaN(this.#first)) this.#first = valueMv;
    if (Math.abs(valueMv - this.#first) >= DEAD_RANGE_MV) this.#waveformSince = sample;
  }

  /** Wide complexes that no detector finds still repeat themselves: that is no standstill. @returns whether they were told */
  #tellWaves(now: number): boolean {
    const { waveBpm, tachycardia, settings } = this.#parts;
    const bpm = waveBpm();
    if (bpm === null || bpm < settings.ventricularTachycardiaBpm) return false;
    if (tachycardia.active) tachycardia.goesOn(now);
    else {
      tachycardia.occurred({
        startSample: Math.max(0, now - this.#limit),
        sample: now,
        text: `Waves at ${bpm.toFixed(0)}/min without a QRS complex`,
        evidence: { rate_bpm: Math.round(bpm), seen_by: 'waves' },
      });
    }
    return true;
  }

  unreadable(): void {
    this.#small.length = 0;
  }

  #witness(silentSince: number, now: number): { name: string; moves: boolean } | null {
    const { readability, evidence, settings, rateHz } = this.#parts;
    const typical = this.#deflections.typical;
    const largest = this.#deflections.largestSince(silentSince + WAVES_SECONDS * rateHz);
    const moves = typical !== null && largest > BEAT_SHARE * typical;
    const isQuiet = largest < (typical === null ? QUIET_MV : QUIET_SHARE * typical);
    if (evidence.isKnown(now) && evidence.mean('asystole', NETWORK_SECONDS) >= settings.asystoleProbability) {
      return { name: 'network', moves };
    }
    if (isQuiet) return { name: 'quiet lead', moves };
    const readableSince = readability.readableSince();
    if (readableSince === null) return null;
    const silent = now - Math.max(silentSince, readableSince);
    const limit = (moves ? WAIT_FACTOR : 1) * this.#limit + DETECTOR_DELAY_SECONDS * rateHz;
    return silent >= limit ? { name: 'beats', moves } : null;
  }

  /** @returns whether it is a beat */
  #measured(sample: number, deflection: number): boolean {
    const { typical } = this.#deflections;
    if (typical !== null && deflection < QUIET_SHARE * typical) {
      // A pacemaker's spikes that no heart answers are even too; they leave nothing between 4 and 25 Hz.
      if (deflection < QUIET_MV || !this.#areSmallBeats(sample)) return false;
    }
    if (this.#small.length > 0) {
      if (typical !== null && deflection < QUIET_SHARE * typical) this.#deflections.forgetTypical();
      this.#small.length = 0;
    }
    const previous = this.#lastPeak;
    this.#lastPeak = Math.max(sample, previous ?? 0);
    if (!this.#episode.active || previous === null) return true;
    const recovered = sample - previous < this.#limit && previous > this.#episode.startSample;
    if (recovered) this.#episode.end(Math.max(sample, this.#now), 'Beats again');
    return true;
  }

  #areSmallBeats(sample: number): boolean {
    this.#small.push(sample);
    if (this.#small.length > SMALL_BEATS) this.#small.shift();
    if (this.#small.length < SMALL_BEATS) return false;
    let shortest = Number.POSITIVE_INFINITY;
    let longest = 0;
    for (let i = 1; i < this.#small.length; i += 1) {
      const interval = this.#small[i]! - this.#small[i - 1]!;
      shortest = Math.min(shortest, interval);
      longest = Math.max(longest, interval);
    }
    return longest < EVEN_RATIO * shortest;
  }
}
