/**
 * Reports for the page. One is made at a time, between everything else; the page asks how far it is. The last ones are kept for
 * whoever saves them, and a recording that has grown or was corrected since makes a new one.
 */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { RhythmSettings } from '@rhythmd/ecg/rhythm/settings.ts';
import type { ModelCard } from '../../classify/model-card.ts';
import { type Answer, json, problem } from '../respond.ts';
import type { RecordingIndex } from './recording-index.ts';

const KEPT = 2;

interface Job {
  readonly key: string;
  share: number;
  made: { readonly pdf: Uint8Array; readonly html: string } | null;
  failed: RhythmdError | null;
}

export interface ReportJobsParts {
  readonly folder: string;
  readonly index: RecordingIndex;
  readonly label: string;
  readonly card: () => Promise<ModelCard | null>;
  /** As configured: a report of a patient does not change with the limits set for the next. */
  readonly settings: RhythmSettings;
}

export class ReportJobs {
  readonly #parts: ReportJobsParts;
  readonly #stopped = new AbortController();
  #jobs: Job[] = [];

  constructor(parts: ReportJobsParts) {
    this.#parts = parts;
  }

  /** Begins it where it was not asked for before. */
  ask(fromMs: number, toMs: number): Answer {
    const key = this.#keyOf(fromMs, toMs);
    const known = this.#jobs.find((job) => job.key === key);
    if (known === undefined) {
      if (this.#jobs.some(({ made, failed }) => made === null && failed === null)) {
        return problem(503, 'E_WEB_BUSY', 'another report is being made', 'Ask again when it is done');
      }
      return stateOf(this.#begin(key, fromMs, toMs), fromMs, toMs);
    }
    // What failed may be tried again.
    if (known.failed !== null) this.#jobs = this.#jobs.filter((job) => job !== known);
    return stateOf(known, fromMs, toMs);
  }

  file(fromMs: number, toMs: number, kind: 'pdf' | 'html'): Answer {
    const key = this.#keyOf(fromMs, toMs);
    const made = this.#jobs.find((job) => job.key === key)?.made ?? null;
    if (made === null) return problem(404, 'E_REVIEW_EMPTY', 'that report is not made', 'Make it first');
    const stamp = new Date(fromMs).toISOString().slice(0, 19).replaceAll(':', '');
    return {
      type: kind === 'pdf' ? 'application/pdf' : 'text/html; charset=utf-8',
      body: made[kind],
      headers: { 'content-disposition': `attachment; filename="ecg-report-${stamp}.${kind}"` },
    };
  }

  #keyOf(fromMs: number, toMs: number): string {
    return [fromMs, toMs, ...this.#parts.index.between(fromMs, toMs).map(({ version }) => version)].join(' ');
  }

  #begin(key: string, fromMs: number, toMs: number): Job {
    const job: Job = { key, share: 0, made: null, failed: null };
    this.#jobs = [...this.#jobs, job].slice(-KEPT);
    this.#make(job, fromMs, toMs).catch((error: unknown) => {
      job.failed =
        error instanceof RhythmdError
          ? error
          : new RhythmdError('E_RECORD_READ', (error as Error).message, '', { cause: error });
    });
    return job;
  }

  async #make(job: Job, fromMs: number, toMs: number): Promise<void> {
    const { folder, label, card, settings } = this.#parts;
    // Read when the first report is asked for: a small computer reads a program slowly.
    const { makeReport } = await import('../../report/make-report.ts');
    const { reportHtml } = await import('../../report/report-html.ts');
    const { reportParts } = await import('../../report/report-parts.ts');
    const { reportPdf } = await import('../../report/report-pdf.ts');
    const open = { folders: [] };
    const parts = reportParts({
      records: [],
      from: { ms: fromMs },
      to: { ms: toMs },
      folders: [],
      recordingsFolder: folder,
      options: open,
    });
    const report = await makeReport(parts, {
      annotator: null,
      areOwn: true,
      signal: undefined,
      open,
      models: async () => ({ classifier: null, rhythmNetwork: null }),
      card,
      settings,
      paced: 'auto',
      interruption: this.#stopped.signal,
      nowMs: Date.now(),
      device: label || null,
      onProgress: (_doing, share) => {
        job.share = share;
      },
    });
    const pdf = await reportPdf(report);
    job.made = { pdf, html: [...reportHtml(report)].join('') };
  }
}

function stateOf({ share, made, failed }: Job, fromMs: number, toMs: number): Answer {
  if (failed !== null) return json({ state: 'failed', share, code: failed.code, message: failed.message });
  if (made === null) return json({ state: 'running', share });
  const query = `?from_ms=${fromMs}&to_ms=${toMs}`;
  return json({
    state: 'done',
    share: 1,
    pdf: `api/review/report.pdf${query}`,
    html: `api/review/report.html${query}`,
  });
}
