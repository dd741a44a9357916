/** The stretch that review shows, as files for other programs: links, so that the browser saves them. */

import { createDialog } from '../../dialog.ts';
import { h, setAttributes, setText } from '../../dom.ts';
import { clockTime, dayOf } from '../../time.ts';

const MINUTE_MS = 60_000;
const FORMATS: readonly {
  readonly name: string;
  readonly words: string;
  readonly says: string;
  readonly minutes: number;
}[] = [
  { name: 'edf', words: 'EDF+', says: 'signals and annotations, for EEG and ECG viewers', minutes: 60 },
  { name: 'wfdb', words: 'WFDB, zipped', says: 'for the tools of PhysioNet', minutes: 60 },
  { name: 'beats', words: 'CSV of beats', says: 'a line a beat or mark', minutes: 60 },
  { name: 'dicom', words: 'DICOM ECG', says: 'for an archive', minutes: 60 },
  { name: 'csv', words: 'CSV of the signal', says: 'a line a sample; ten minutes at most', minutes: 10 },
  { name: 'fhir', words: 'FHIR Observation', says: 'JSON; ten minutes at most', minutes: 10 },
  { name: 'strip', words: 'Strip, PDF', says: 'at true scale; ten minutes at most', minutes: 10 },
];

export class ExportDialog {
  readonly #stretch = h('p');
  readonly #links = FORMATS.map((format) => ({
    ...format,
    link: h('a.export', { download: true }, format.words),
  }));
  readonly #dialog: HTMLDialogElement;

  constructor() {
    this.#dialog = createDialog(
      'Export',
      this.#stretch,
      h('ul.exports', {}, ...this.#links.map(({ link, says }) => h('li', {}, link, h('span', {}, says)))),
      h(
        'p',
        {},
        'From the recordings: of two that meet in it, the one that holds more. No name of a patient is in any of them.',
      ),
    );
  }

  /** @param toMs longer stretches than a format holds are cut at its end */
  open(fromMs: number, toMs: number): void {
    setText(this.#stretch, `${dayOf(fromMs)}, ${clockTime(fromMs)} to ${clockTime(toMs)}`);
    for (const { name, minutes, link } of this.#links) {
      const end = Math.min(toMs, fromMs + minutes * MINUTE_MS);
      const query = `from_ms=${Math.round(fromMs)}&to_ms=${Math.round(end)}`;
      const path = name === 'strip' ? `strip.pdf?${query}` : `export?${query}&format=${name}`;
      setAttributes(link, { href: `api/review/${path}` });
    }
    this.#dialog.showModal();
  }
}
