/** A payload's schema as rows for a table: path, type, unit and what the field says. */
import type * as v from 'valibot';
import { factsOf } from './field.ts';

export interface FieldRow {
  /** Such as `source.frames_bad` or `leads[].name`. */
  readonly path: string;
  /** Such as `number`, `string or null`, `"high", "medium" or "low"`. */
  readonly type: string;
  readonly unit: string;
  readonly says: string;
}

/** What of a valibot schema is looked at; its internals are part of its public types. */
interface Node {
  readonly type: string;
  readonly entries?: Readonly<Record<string, Node>>;
  readonly wrapped?: Node;
  readonly item?: Node;
  readonly key?: Node;
  readonly value?: Node;
  readonly options?: readonly (string | Node)[];
  readonly literal?: unknown;
  readonly requirement?: unknown;
  readonly pipe?: readonly Node[];
}

export function fieldRows(schema: v.GenericSchema, prefix = ''): FieldRow[] {
  return rows(schema as unknown as Node, prefix);
}

function rows(node: Node, path: string): FieldRow[] {
  const inner = unwrapped(node);
  if (inner.type === 'array' && inner.item !== undefined && isObject(unwrapped(inner.item))) {
    return rows(inner.item, `${path}[]`);
  }
  if (!isObject(inner) || inner.entries === undefined) return [];
  const dot = path === '' ? '' : `${path}.`;
  return Object.entries(inner.entries).flatMap(([name, entry]) => {
    const facts = factsOf(entry as unknown as v.GenericSchema);
    const row = { path: dot + name, type: typeOf(entry), unit: facts?.unit ?? '', says: facts?.says ?? '' };
    return [row, ...rows(entry, dot + name)];
  });
}

const isObject = ({ type }: Node): boolean => type === 'object' || type === 'strict_object';

/** Without what only says that it may be missing or null. */
function unwrapped(node: Node): Node {
  const base = node.pipe?.[0] ?? node;
  return base.wrapped === undefined ? base : unwrapped(base.wrapped);
}

function typeOf(node: Node): string {
  const base = node.pipe?.[0] ?? node;
  const bounds = boundsOf(node);
  switch (base.type) {
    case 'nullable':
      return `${typeOf(base.wrapped as Node)} or null`;
    case 'optional':
      return `${typeOf(base.wrapped as Node)}, may be left out`;
    case 'strict_object':
      return 'object';
    case 'array':
      return `array of ${typeOf(base.item as Node)}`;
    case 'record':
      return `object of ${typeOf(base.value as Node)}`;
    case 'picklist':
      return (base.options as string[]).map((option) => `\`${option}\``).join(', ');
    case 'literal':
      return `always ${JSON.stringify(base.literal)}`;
    case 'unknown':
      return 'anything';
    default:
      return bounds === '' ? base.type : `${base.type}, ${bounds}`;
  }
}

const BOUNDS: Readonly<Record<string, (requirement: unknown) => string>> = {
  min_value: (least) => `at least ${least}`,
  max_value: (most) => `at most ${most}`,
  min_length: (least) => `at least ${least} characters`,
  max_length: (most) => `at most ${most} characters`,
  safe_integer: () => 'whole',
  regex: (pattern) => `\`${pattern}\``,
};

function boundsOf(node: Node): string {
  const steps = node.pipe?.slice(1) ?? [];
  const first = node.pipe?.[0];
  const inner = first?.pipe === undefined ? '' : boundsOf(first);
  const said = steps.map(({ type, requirement }) => BOUNDS[type]?.(requirement) ?? '');
  return [inner, ...said].filter((text) => text !== '').join(', ');
}
