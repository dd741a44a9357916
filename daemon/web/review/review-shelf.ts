/** What looks into the recordings and what corrects them share one index and one cache: a correction is seen at once. */
import { Corrections } from '../../corrections/corrections.ts';
import { RecordingCache } from './recording-cache.ts';
import { RecordingIndex } from './recording-index.ts';

export class ReviewShelf {
  readonly index: RecordingIndex;
  readonly cache = new RecordingCache();
  readonly corrections: Corrections;

  /** What strips and reports are headed with: a bed or a pseudonym; empty: nothing. */
  readonly label: string;

  constructor(folder: string, onProblem: (text: string) => void = () => {}, label = '') {
    this.label = label;
    this.index = new RecordingIndex(folder);
    const { index, cache } = this;
    this.corrections = new Corrections({ index, cache, nowMs: Date.now, onProblem });
  }
}
