/** What a recording's annotations say; no Node here, the page computes with it too. */
import type { BeatLabel } from '../types.ts';

export interface RecordedBeat {
  /** In the recording's own samples. */
  readonly sample: number;
  /** null: found, but not classified. */
  readonly label: BeatLabel | null;
  /** A person has named or confirmed it; left out: nobody has. */
  readonly seen?: boolean;
}

export interface RecordedMark {
  readonly sample: number;
  readonly code: number;
  readonly subtype: number;
  readonly text: string;
}

export interface RecordedAnnotations {
  readonly beats: readonly RecordedBeat[];
  readonly marks: readonly RecordedMark[];
}
