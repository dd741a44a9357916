/**
 * Priorities after IEC 60601-1-8: each has a colour, a shape, a mark and a word, so that none of them is carried by
 * colour alone.
 */
import type { AlertPriority } from '@rhythmd/ecg/types.ts';
import { h } from '../dom.ts';

interface PriorityLook {
  readonly word: string;
  readonly path: string;
  readonly mark: string;
}

const LOOKS: Readonly<Record<AlertPriority, PriorityLook>> = {
  high: { word: 'High priority', path: 'M12 1.5 23 21.5H1z', mark: '!!!' },
  medium: { word: 'Medium priority', path: 'M12 1 23 12 12 23 1 12z', mark: '!!' },
  low: { word: 'Low priority', path: 'M12 2a10 10 0 1 0 .01 0z', mark: '!' },
};

export function priorityWord(priority: AlertPriority): string {
  return LOOKS[priority].word;
}

export function priorityIcon(priority: AlertPriority): HTMLElement {
  const { path, mark, word } = LOOKS[priority];
  const icon = h('span.priority', { 'data-priority': priority, role: 'img', 'aria-label': word });
  icon.innerHTML = `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${path}"/><text x="12" y="${priority === 'high' ? 18.5 : 16}">${mark}</text></svg>`;
  return icon;
}
