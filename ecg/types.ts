/**
 * The nouns of the system. Everything else is functions and small classes over these.
 *
 * The sample index is the clock: every position below counts samples of one stream from its start.
 * Unknown is a value: null, never zero.
 */

/** The rate every stage after the resampler runs at, in Hz (that of the MIT-BIH records). */
export const PIPELINE_RATE_HZ = 360;

/** What a board says about its own samples; the bits of `Samples.flags`. */
export const SampleFlag = {
  leadOffPlus: 1,
  leadOffMinus: 2,
  referenceOff: 4,
  saturated: 8,
  testSignal: 16,
} as const;

/** The flags that mean an electrode has no contact. */
export const LEAD_OFF_FLAGS = SampleFlag.leadOffPlus | SampleFlag.leadOffMinus | SampleFlag.referenceOff;

/** No electrodes on a skin have this between them (100 V), in millivolts, whatever a converter or a file says. */
const LARGEST_MV = 1e5;

/**
 * Is it a sample at all? A lost one is NaN; an infinity or a voltage that cannot be is as good as lost, and would stay in
 * sums and recursive filters for ever.
 */
export function isReceived(valueMv: number): boolean {
  return valueMv >= -LARGEST_MV && valueMv <= LARGEST_MV;
}

/**
 * A contiguous stretch of samples. A producer may reuse the arrays after the call that hands them over
 * returns: a consumer that keeps samples copies them.
 */
export interface Samples {
  /** Index of the first sample in the stream's own rate, gaps counted. */
  readonly first: number;
  readonly rateHz: number;
  /** One array per lead, millivolts, all of length `count` or longer; lost ones NaN. */
  readonly leads: readonly Float32Array[];
  /** How many samples of each array are valid. */
  readonly count: number;
  /** `SampleFlag` bits that hold for the whole stretch. */
  readonly flags: number;
  /** Samples lost immediately before `first`; 0 when it continues the stretch before. */
  readonly lost: number;
}

/** What a stream of samples says about itself before or between samples. */
export interface StreamDescription {
  readonly board: string;
  readonly rateHz: number;
  readonly leadNames: readonly string[];
  /** Microvolts per count, per lead; null where the board does not declare a scale. */
  readonly microvoltsPerCount: readonly (number | null)[];
  readonly firmware: string | null;
  /** Which of them is analysed, once that is known; absent: the first. */
  readonly analysedLead?: number;
}

/** The state of one lead. Anything but `good` suppresses beats and says why. */
export const LEAD_QUALITIES = ['good', 'noisy', 'flat', 'saturated', 'off', 'settling', 'stalled'] as const;
export type LeadQuality = (typeof LEAD_QUALITIES)[number];

/** A change of one lead's state. */
export interface QualityChange {
  readonly lead: number;
  /** Sample at which the new state began (it may be known only later). */
  readonly sample: number;
  readonly quality: LeadQuality;
}

/** A detected R peak. */
export interface Peak {
  /** Position of the R wave, in pipeline samples. */
  readonly sample: number;
  /** Height above the local baseline, in millivolts, signed. */
  readonly amplitudeMv: number;
  /** The sample at which the detector knew of it: `knownAt - sample` is its delay. */
  readonly knownAt: number;
}

/** One beat, ready to be classified. */
export interface Beat {
  readonly sample: number;
  readonly amplitudeMv: number;
  /** Distance to the previous and next peak in samples; null when there is none within reach. */
  readonly rrBefore: number | null;
  readonly rrAfter: number | null;
  /** 3 x 36 x 36, channel by channel, row by row. Reused by the builder: copy to keep. */
  readonly image: Float32Array;
}

/**
 * Every class that a model may name: those of ANSI/AAMI EC57 first, then what the paper tells apart or lumps together.
 * Which of them a model names, and in which order, its card says.
 */
export const BEAT_LABELS = ['N', 'S', 'V', 'F', 'Q', '/', 'f', 'other'] as const;
export type BeatLabel = (typeof BEAT_LABELS)[number];
/** The classes of EC57: normal, supraventricular, ventricular, fusion, paced or unclassifiable. */
export const EC57_LABELS = ['N', 'S', 'V', 'F', 'Q'] as const satisfies readonly BeatLabel[];
/** The classes of the paper, in the order of its networks' outputs. */
export const PAPER_LABELS = ['N', 'V', 'F', '/', 'f', 'other'] as const satisfies readonly BeatLabel[];

/** What the classifier says of a beat. */
export interface Verdict {
  /** null: the model was not asked or could not answer. */
  readonly label: BeatLabel | null;
  /** One per `BEAT_LABELS`, summing to 1, 0 where the model does not name the class; null with `label`. */
  readonly probabilities: Float32Array | null;
}

/** Priorities of IEC 60601-1-8, the most urgent first. */
export const ALERT_PRIORITIES = ['high', 'medium', 'low'] as const;
export type AlertPriority = (typeof ALERT_PRIORITIES)[number];

export const ALERT_PHASES = ['start', 'update', 'end'] as const;
export type AlertPhase = (typeof ALERT_PHASES)[number];

/** One message in the life of an alert; all messages of one alert share `id`. */
export interface Alert {
  readonly id: string;
  readonly kind: string;
  readonly priority: AlertPriority;
  readonly phase: AlertPhase;
  /** Where the condition began, and the sample this message speaks of. */
  readonly startSample: number;
  readonly sample: number;
  /** A sentence for people. */
  readonly text: string;
  /** Named measurements that support it (rates in bpm, durations in ms, counts). */
  readonly evidence: Readonly<Record<string, number | string | readonly string[] | null>>;
}
