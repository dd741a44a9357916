/** What stands on the whole ward, worst first, always at the same place; and whether the page knows at all. */
import { priorityIcon } from '../alerts/alert-look.ts';
import { button, h } from '../dom.ts';
import type { Bed } from './beds/bed.ts';
import type { Standing } from './beds/standing.ts';

const SHOWN = 3;
const RANK = { high: 0, medium: 1, low: 2 } as const;

export interface StandingAtBed {
  readonly bed: Bed;
  readonly standing: Standing;
}

export class WardBar {
  readonly element = h('section.alert-bar', { 'aria-label': 'What stands on the ward' });
  readonly #live = h('div.alert-words', { role: 'alert' });
  readonly #open: (bed: Bed) => void;
  #shown = '';

  constructor(open: (bed: Bed) => void) {
    this.#open = open;
    this.element.append(this.#live);
  }

  /** @param problem why nothing is known; null: what is shown is what is so */
  draw(all: readonly StandingAtBed[], problem: string | null, beds: number): void {
    const unseen = all
      .filter(({ standing }) => !standing.isAcknowledged)
      .sort((a, b) => RANK[a.standing.priority] - RANK[b.standing.priority]);
    const key = JSON.stringify([
      problem,
      beds,
      unseen.map(({ bed, standing }) => [bed.place.base, standing.priority, standing.words]),
    ]);
    if (key === this.#shown) return;
    this.#shown = key;
    this.element.dataset.priority = problem === null ? (unseen[0]?.standing.priority ?? 'none') : 'none';
    if (problem !== null) this.#live.replaceChildren(h('span.complaint', {}, problem));
    else if (unseen.length === 0) {
      const words = beds === 0 ? 'No bed has been heard yet' : 'Nothing stands that nobody has seen';
      this.#live.replaceChildren(h('span.quiet', {}, words));
    } else {
      const shown = unseen.slice(0, SHOWN).map((entry) => this.#entry(entry));
      const more = unseen.length - SHOWN;
      this.#live.replaceChildren(...shown, more > 0 ? h('span.more', {}, `and ${more} more`) : '');
    }
  }

  #entry({ bed, standing }: StandingAtBed): HTMLElement {
    const go = button('', () => this.#open(bed));
    go.className = 'ward-alarm';
    go.append(
      priorityIcon(standing.priority),
      h('strong', {}, bed.place.label),
      h('span', {}, standing.words),
    );
    return go;
  }
}
