/** A titled list of names and values; what is unknown is `--`. */
import { h } from '../../dom.ts';
import { UNKNOWN } from '../../numbers/numbers.ts';

export type Fact = readonly [name: string, value: string | number | null | undefined, unit?: string];

export function facts(title: string, rows: readonly Fact[]): HTMLElement {
  const list = h('dl.facts');
  for (const [name, value, unit] of rows) {
    const known = value !== null && value !== undefined && value !== '';
    const text = known ? (typeof value === 'number' ? value.toLocaleString('en-GB') : value) : UNKNOWN;
    list.append(h('dt', {}, name), h('dd', {}, text, known && unit ? h('span.unit', {}, unit) : null));
  }
  return h('section.facts-box', {}, h('h2', {}, title), list);
}
