/** The report of what is shown, made by the daemon while one waits: PDF or a page. */

import { createDialog } from '../../dialog.ts';
import { button, h, setText } from '../../dom.ts';
import type { ReportState } from './review-data.ts';

/** How often it is asked how far it is. */
const ASK_EVERY_MS = 700;

export interface ReportSpans {
  /** The stretch or the trend that is shown; null: nothing is. */
  readonly hour: () => readonly [fromMs: number, toMs: number] | null;
  readonly day: () => readonly [fromMs: number, toMs: number] | null;
  readonly ask: (fromMs: number, toMs: number) => Promise<ReportState>;
}

export class ReportDialog {
  readonly #spans: ReportSpans;
  readonly #dialog: HTMLDialogElement;
  readonly #span = h(
    'select',
    { 'aria-label': 'Of which time' },
    h('option', { value: 'day' }, 'all that the trend shows'),
    h('option', { value: 'hour' }, 'the hour around the strip'),
  );
  readonly #make = button('Make the report', () => void this.#run());
  readonly #bar = h('progress', { max: 1, value: 0, 'aria-label': 'How far the report is' });
  readonly #words = h('p.said', { role: 'status' });
  readonly #files = h('p.files');

  constructor(spans: ReportSpans) {
    this.#spans = spans;
    this.#dialog = createDialog(
      'Report',
      h(
        'p',
        {},
        'Rates, ectopic beats by the hour, pauses, fibrillation, variability, alarms and strips, from the corrected labels where there are any.',
      ),
      h('div.row', {}, h('label', {}, 'Of ', this.#span), this.#make),
      this.#bar,
      this.#words,
      this.#files,
    );
    this.#dialog.classList.add('report');
    this.#bar.hidden = true;
  }

  open(): void {
    if (!this.#dialog.open) this.#dialog.showModal();
  }

  async #run(): Promise<void> {
    const span = this.#span.value === 'day' ? this.#spans.day() : this.#spans.hour();
    if (span === null) {
      setText(this.#words, 'Nothing is recorded yet.');
      return;
    }
    this.#make.disabled = true;
    this.#bar.hidden = false;
    this.#files.replaceChildren();
    setText(this.#words, 'Begun …');
    try {
      for (;;) {
        const state = await this.#spans.ask(...span);
        this.#bar.value = state.share;
        if (state.state === 'failed') throw new Error(state.message);
        if (state.state === 'done') {
          setText(this.#words, 'The report is ready.');
          this.#files.append(
            h('a', { href: state.pdf, download: '' }, 'Save the PDF'),
            ' ',
            h('a', { href: state.html, download: '' }, 'Save the page'),
          );
          return;
        }
        setText(this.#words, `${Math.floor(100 * state.share)} %`);
        await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
      }
    } catch (error) {
      setText(this.#words, (error as Error).message);
    } finally {
      this.#make.disabled = false;
      this.#bar.hidden = true;
    }
  }
}
