/** The model's card: who it is, and what was measured of it, by protocol and class, as the card says. */
import type { ModelCardSummary } from '@rhythmd/protocol/events.ts';
import { h } from '../../dom.ts';
import { UNKNOWN } from '../../numbers/numbers.ts';
import { type Fact, facts } from './facts.ts';

interface ClassFigures {
  readonly beats?: number;
  readonly sensitivity?: number;
  readonly positivePredictivity?: number;
}

export function modelBox(model: ModelCardSummary | null): HTMLElement {
  if (model === null) return facts('Model', [['Model', 'none is loaded: beats are not classified']]);
  const words: Fact[] = [];
  const tables: HTMLElement[] = [];
  for (const [name, value] of Object.entries(model.measured)) {
    if (isRecord(value) && isRecord(value.classes)) tables.push(protocolTable(name, value, value.classes));
    else if (typeof value === 'string' || typeof value === 'number') words.push([capital(name), value]);
  }
  const box = facts('Model', [
    ['Name', model.name],
    ['Version', model.version],
    ['SHA-256', model.sha256.slice(0, 16)],
    ['Classes', model.labels.join(' ')],
    ['Answers as on its card', model.exact === null ? UNKNOWN : model.exact ? 'yes' : 'no: see the doctor'],
    ['Run by', `${model.executor.name}: ${model.executor.why}`],
    ...words,
  ]);
  box.append(...tables);
  return box;
}

function protocolTable(
  name: string,
  protocol: Record<string, unknown>,
  classes: Record<string, unknown>,
): HTMLElement {
  const rows = Object.entries(classes).flatMap(([label, figures]) =>
    isRecord(figures) ? [classRow(label, figures as ClassFigures)] : [],
  );
  const accuracy = typeof protocol.accuracy === 'number' ? `, accuracy ${percent(protocol.accuracy)}` : '';
  const beats = typeof protocol.beats === 'number' ? `, ${protocol.beats.toLocaleString('en-GB')} beats` : '';
  const head = ['Class', 'Beats', 'Se', '+P'].map((word) => h('th', { scope: 'col' }, word));
  return h(
    'table.measured',
    {},
    h('caption', {}, `${capital(name)}${beats}${accuracy}`),
    h('thead', {}, h('tr', {}, ...head)),
    h('tbody', {}, ...rows),
  );
}

function classRow(label: string, { beats, sensitivity, positivePredictivity }: ClassFigures): HTMLElement {
  return h(
    'tr',
    {},
    h('th', { scope: 'row', 'data-class': label }, label),
    h('td', {}, beats?.toLocaleString('en-GB') ?? UNKNOWN),
    h('td', {}, percent(sensitivity)),
    h('td', {}, percent(positivePredictivity)),
  );
}

function percent(share: number | undefined): string {
  return share === undefined ? UNKNOWN : `${(100 * share).toFixed(1)} %`;
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
