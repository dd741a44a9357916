/** One bed on the ward: name, what stands, heart rate, rhythm, trace, electrodes, when it was heard. */
import { priorityIcon, priorityWord } from '../../alerts/alert-look.ts';
import { button, h, setAttributes, setText } from '../../dom.ts';
import type { Bed } from '../beds/bed.ts';
import { rankOf, type Standing, standingAt } from '../beds/standing.ts';
import { heardWords, leadWords, rateWords, rhythmWords } from './tile-facts.ts';
import { TilePaper } from './tile-paper.ts';

export interface TileActions {
  /** Of the worst that nobody has seen. */
  acknowledge(bed: Bed, standing: Standing): void;
  silence(bed: Bed): void;
  open(bed: Bed): void;
}

/** How long a refusal stays in sight. */
const COMPLAINT_MS = 12_000;

export class Tile {
  readonly element: HTMLElement;
  readonly bed: Bed;
  readonly #paper: TilePaper;
  readonly #alarm = h('p.tile-alarm');
  readonly #rate = h('strong.tile-rate');
  readonly #rhythm = h('p.tile-rhythm');
  readonly #lead = h('span.tile-lead');
  readonly #tag = h('span.tile-tag');
  readonly #heard = h('span.tile-heard');
  readonly #acknowledge: HTMLButtonElement;
  readonly #silence: HTMLButtonElement;
  #standing: readonly Standing[] = [];
  #shown = '';
  #complaint: { readonly words: string; readonly untilMs: number } | null = null;
  #wasFresh = false;
  rank = 4;

  constructor(bed: Bed, actions: TileActions) {
    this.bed = bed;
    this.#paper = new TilePaper(bed.trace);
    const { label } = bed.place;
    this.#acknowledge = button(
      'Acknowledge',
      () => {
        const first = this.#standing.find(({ isAcknowledged }) => !isAcknowledged);
        if (first) actions.acknowledge(bed, first);
      },
      { 'aria-label': `Acknowledge, ${label}` },
    );
    this.#silence = button('Silence', () => actions.silence(bed), {
      'aria-label': `Silence for two minutes, ${label}`,
      title: 'For two minutes',
    });
    const name = button(label, () => actions.open(bed), { title: `Open ${label}` });
    name.className = 'tile-name';
    this.element = h(
      'article.tile',
      { 'data-bed': bed.place.base, 'aria-label': label },
      h('header', {}, h('h2', {}, name), this.#tag, this.#heard),
      this.#alarm,
      h(
        'div.tile-numbers',
        {},
        h('p', {}, this.#rate, h('span.unit', {}, '/min')),
        h('div', {}, this.#rhythm, this.#lead),
        h('div.tile-actions', {}, this.#acknowledge, this.#silence),
      ),
      this.#paper.element,
    );
    this.element.addEventListener('dblclick', () => actions.open(bed));
  }

  get standing(): readonly Standing[] {
    return this.#standing;
  }

  /** Several times a second: what it says depends on the time. */
  update(steadyMs: number): void {
    const { bed } = this;
    this.#standing = standingAt(bed, steadyMs);
    this.rank = rankOf(this.#standing);
    const isFresh = bed.isFresh(steadyMs);
    if (this.#wasFresh && !isFresh) this.#paper.clear();
    this.#wasFresh = isFresh;
    setText(this.#rate, rateWords(bed, steadyMs));
    setText(this.#rhythm, rhythmWords(bed, this.#standing, steadyMs));
    const lead = leadWords(bed, steadyMs);
    setText(this.#lead, lead.words);
    setAttributes(this.#lead, { 'data-state': lead.state });
    setText(this.#heard, heardWords(bed, steadyMs));
    setText(this.#tag, bed.info?.replay === true ? 'replay' : '');
    this.#drawAlarm(isFresh, steadyMs);
  }

  frame(nowMs: number): void {
    this.#paper.frame(nowMs);
  }

  redraw(): void {
    this.#paper.invalidate();
  }

  /** Why what was asked was not done. */
  complain(words: string, steadyMs: number): void {
    this.#complaint = { words, untilMs: steadyMs + COMPLAINT_MS };
    this.update(steadyMs);
  }

  #drawAlarm(isFresh: boolean, steadyMs: number): void {
    if (this.#complaint !== null && steadyMs > this.#complaint.untilMs) this.#complaint = null;
    const [worst] = this.#standing;
    const words = worst === undefined ? '' : `${worst.words}${suffixOf(worst, isFresh)}`;
    const more = this.#standing.length > 1 ? ` +${this.#standing.length - 1}` : '';
    const key = JSON.stringify([
      words,
      more,
      worst?.priority,
      worst?.isAcknowledged,
      worst?.isSilenced,
      this.#complaint?.words,
      isFresh,
    ]);
    if (key === this.#shown) return;
    this.#shown = key;
    setAttributes(this.element, {
      'data-priority': worst === undefined ? 'none' : worst.isAcknowledged ? 'seen' : worst.priority,
      'data-fresh': String(isFresh),
    });
    this.#alarm.replaceChildren();
    if (worst !== undefined) {
      this.#alarm.append(
        priorityIcon(worst.priority),
        h('span', { title: `${priorityWord(worst.priority)}: ${words}` }, words + more),
      );
    }
    if (this.#complaint !== null)
      this.#alarm.append(h('span.complaint', { role: 'alert' }, this.#complaint.words));
    this.#acknowledge.hidden = worst === undefined || worst.isAcknowledged;
    this.#silence.hidden = !this.#standing.some(
      ({ alert, isSilenced, isAcknowledged }) => alert !== null && !isSilenced && !isAcknowledged,
    );
  }
}

function suffixOf({ alert, isAcknowledged, isSilenced, isOver }: Standing, isFresh: boolean): string {
  if (isAcknowledged) return ' (seen)';
  if (isSilenced) return ' (silenced)';
  if (isOver) return ' (over, not seen)';
  return alert !== null && !isFresh ? ' (may have changed)' : '';
}
