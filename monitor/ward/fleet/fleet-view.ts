/** The fleet: every device that says what it is, in the list or not; what differs from most is marked. */
import { h, setText } from '../../dom.ts';
import type { Roster } from '../beds/roster.ts';
import { FLEET_COLUMNS, type FleetDevice, fleetRows } from './fleet-rows.ts';

export class FleetView {
  readonly element: HTMLElement;
  readonly #roster: Roster;
  readonly #body = h('tbody');
  readonly #summary = h('p');
  #shown = '';

  constructor(roster: Roster) {
    this.#roster = roster;
    const heads = ['Bed', 'Device', ...FLEET_COLUMNS].map((name) => h('th', { scope: 'col' }, name));
    this.element = h(
      'section.fleet-view',
      { 'aria-label': 'Fleet' },
      h('h2', {}, 'Fleet'),
      this.#summary,
      h('div.fleet-scroll', {}, h('table', {}, h('thead', {}, h('tr', {}, ...heads)), this.#body)),
    );
  }

  update(steadyMs: number): void {
    const { beds, others, uncounted } = this.#roster;
    const devices: FleetDevice[] = [
      ...beds.map((bed) => ({
        base: bed.place.base,
        label: bed.place.label,
        info: bed.info,
        isFresh: bed.isFresh(steadyMs),
      })),
      ...[...others].map(([base, info]) => ({ base, label: 'no bed here', info, isFresh: true })),
    ];
    const rows = fleetRows(devices);
    const key = JSON.stringify(rows);
    if (key === this.#shown) return;
    this.#shown = key;
    const differing = rows.filter(({ cells }) => cells.some(({ differs }) => differs)).length;
    const beyond = uncounted > 0 ? `; more than ${others.size} others are not shown` : '';
    setText(this.#summary, `${rows.length} devices, ${differing} differ from most${beyond}`);
    this.#body.replaceChildren(
      ...rows.map(({ base, label, cells, info, isFresh }) =>
        h(
          'tr',
          { 'data-base': base },
          h('th', { scope: 'row' }, label),
          h('td', {}, base, isFresh ? null : h('span.quiet', {}, info === null ? ' never heard' : ' silent')),
          ...cells.map(({ text, differs }) => h('td', { 'data-differs': differs }, text)),
        ),
      ),
    );
  }
}
