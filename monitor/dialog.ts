/** A dialog of the browser: it keeps the focus, closes with Escape, and has a name. */
import { button, h } from './dom.ts';

export function createDialog(title: string, ...content: readonly (Node | string)[]): HTMLDialogElement {
  const close = button('Close', () => dialog.close());
  const dialog = h('dialog', { 'aria-label': title }, h('header', {}, h('h2', {}, title), close), ...content);
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });
  document.body.append(dialog);
  return dialog;
}
