/**
 * The waves of a beat as the dynamical model sees them: bumps on the circle of one heart cycle, the R peak at
 * angle 0. Angles and widths of the normal beat are Table I of McSharry et al. 2003; heights are in millivolts
 * (the published ones are scaled afterwards). The ventricular beat has no P wave, a QRS complex more than twice
 * as wide, and its T wave against it.
 */

export interface Wave {
  /** On the circle, in radians; the R peak is at 0. */
  readonly angle: number;
  readonly width: number;
  /** One height per lead. */
  readonly heightsMv: readonly number[];
}

export interface BeatShape {
  readonly waves: readonly Wave[];
  /** Where its first wave begins, in radians before the R peak: there time runs as in any other beat. */
  readonly onset: number;
}

const degrees = (value: number) => (value * Math.PI) / 180;

export const SYNTHETIC_LEAD_NAMES: readonly string[] = ['MLII', 'V1'];

export const NORMAL_BEAT: BeatShape = {
  onset: degrees(105),
  waves: [
    { angle: degrees(-70), width: 0.25, heightsMv: [0.12, 0.06] },
    { angle: degrees(-15), width: 0.1, heightsMv: [-0.12, 0.15] },
    { angle: 0, width: 0.1, heightsMv: [1.25, 0.1] },
    { angle: degrees(15), width: 0.1, heightsMv: [-0.25, -0.9] },
    { angle: degrees(100), width: 0.4, heightsMv: [0.3, 0.15] },
  ],
};

export const VENTRICULAR_BEAT: BeatShape = {
  onset: degrees(40),
  waves: [
    { angle: 0, width: 0.24, heightsMv: [1.7, -1.1] },
    { angle: degrees(38), width: 0.22, heightsMv: [-0.5, 0.3] },
    { angle: degrees(105), width: 0.4, heightsMv: [-0.45, 0.35] },
  ],
};

/** Every T wave is over here: from here to the next beat's onset, time runs as the rhythm wants. */
export const REPOLARISED = degrees(135);
