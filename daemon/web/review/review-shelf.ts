/** What looks into the recordings and what corrects them share one index and one cache: a correction is seen at once. */
import { type RhythmSettings, rhythmSettings } from '@rhythmd/ecg/rhythm/settings.ts';
import type { ModelCard } from '../../classify/model-card.ts';
import { Corrections } from '../../corrections/corrections.ts';
import { RecordingCache } from './recording-cache.ts';
import { RecordingIndex } from './recording-index.ts';
import { ReportJobs } from './report-jobs.ts';

export interface ShelfOptions {
  readonly onProblem?: (text: string) => void;
  /** What strips and reports are headed with: a bed or a pseudonym; empty: nothing. */
  readonly label?: string;
  /** Of the model configured now, for reports; null: none. */
  readonly card?: () => Promise<ModelCard | null>;
  /** What a report calls a pause; left out: the defaults. */
  readonly settings?: RhythmSettings;
}

export class ReviewShelf {
  readonly index: RecordingIndex;
  readonly cache = new RecordingCache();
  readonly corrections: Corrections;
  readonly reports: ReportJobs;

  readonly label: string;

  constructor(
    folder: string,
    {
      onProblem = () => {},
      label = '',
      card = async () => null,
      settings = rhythmSettings(),
    }: ShelfOptions = {},
  ) {
    this.label = label;
    this.index = new RecordingIndex(folder);
    const { index, cache } = this;
    this.reports = new ReportJobs({ folder, index, label, card, settings });
    this.corrections = new Corrections({ index, cache, nowMs: Date.now, onProblem });
  }
}
