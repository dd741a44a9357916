/** What the rhythm network says of the last seconds of the waveform, and what it is shown. */

/** In the order of the network's outputs. `tachycardia` is ventricular; `fibrillation` is flutter too. */
export const RHYTHM_CLASSES = ['organised', 'tachycardia', 'fibrillation', 'asystole', 'noise'] as const;
export type RhythmClass = (typeof RHYTHM_CLASSES)[number];

export interface RhythmEstimate {
  /** Index after the newest pipeline sample it was made from: what it says holds up to here. */
  readonly sample: number;
  /** One per `RHYTHM_CLASSES`, summing to 1. */
  readonly probabilities: Float32Array;
  /** The share of the window that was received: lost samples are held at the last value before them. */
  readonly received: number;
}

/** Samples a second of what the network sees: with the low-pass before it nothing of an ECG above 20 Hz is left. */
export const RHYTHM_RATE_HZ = 90;
/** What it sees at once: an asystole of 5 s and the beats before it. */
export const RHYTHM_WINDOW_SECONDS = 8;
export const RHYTHM_WINDOW_SAMPLES = RHYTHM_RATE_HZ * RHYTHM_WINDOW_SECONDS;
/** A window of which a smaller share was received says nothing; so nothing is said in a stream's first four seconds. */
export const RHYTHM_LEAST_RECEIVED = 0.5;
/** It is asked this often. */
export const RHYTHM_STEP_SECONDS = 0.5;
