/** How many beats of each class a stretch has. */
import { BEAT_LABELS, type BeatLabel } from '@rhythmd/ecg/types.ts';
import { h } from '../../dom.ts';
import { classIcon } from '../../numbers/class-icon.ts';
import { CLASS_LOOKS } from '../../style/class-looks.ts';

export class ClassCounts {
  readonly element = h('ul.class-counts');

  show(labels: readonly (BeatLabel | null)[]): void {
    // A recording does not say which classes its model named: one that never occurs is not said to be 0.
    const shown = BEAT_LABELS.filter((label) => label === 'N' || label === 'V' || labels.includes(label));
    this.element.replaceChildren(...shown.map((label) => row(label, labels)));
  }
}

function row(label: BeatLabel, labels: readonly (BeatLabel | null)[]): HTMLElement {
  const count = labels.filter((other) => other === label).length;
  const share = labels.length === 0 ? '' : ` ${((100 * count) / labels.length).toFixed(1)} %`;
  const { letter, name } = CLASS_LOOKS[label];
  return h(
    'li',
    { 'data-class': label },
    classIcon(label),
    h('b', {}, letter),
    h('span', {}, name),
    h('span.count', {}, `${count.toLocaleString('en-GB')}`),
    h('span.share', {}, share),
  );
}
