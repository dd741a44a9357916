/** The keys, from the table that makes them work, and what the letters mean. */

import { createDialog } from '../../dialog.ts';
import { h } from '../../dom.ts';
import { classIcon } from '../../numbers/class-icon.ts';
import { CLASS_KEYS, CLASS_LOOKS } from '../../style/class-looks.ts';
import type { Keys } from '../keys.ts';

export function createHelp(keys: Keys): HTMLDialogElement {
  const rows = keys.bindings.map(({ keys: pressed, shown, does }) =>
    h('div', {}, h('dt', {}, h('kbd', {}, shown ?? pressed[0] ?? '')), h('dd', {}, does)),
  );
  const classes = CLASS_KEYS.map((key) =>
    h(
      'li',
      { 'data-class': key },
      classIcon(key),
      h('b', {}, CLASS_LOOKS[key].letter),
      h('span', {}, CLASS_LOOKS[key].name),
    ),
  );
  return createDialog(
    'Keys and letters',
    h('dl.keys', {}, ...rows),
    h('ul.letters', {}, ...classes),
    h(
      'p',
      {},
      'Not a medical device: for research and education. Do not diagnose, monitor or treat a person with it.',
    ),
  );
}
