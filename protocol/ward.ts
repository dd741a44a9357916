/**
 * The beds of a ward, in the order and with the names that people use: one small file, or a retained topic that holds the
 * same as JSON. Every mistake is a line of its own; a list with one is not used.
 */

import * as v from 'valibot';
import { field } from './field.ts';
import { DEFAULT_BASE } from './topics.ts';

/** What fits a wall: a page of more is a page nobody watches. */
export const MAX_BEDS = 32;
const MAX_LABEL = 40;
const MAX_TITLE = 60;
/** Levels of a topic: letters, digits and what devices of earlier versions had in their ids. */
const LEVELS = /^[A-Za-z0-9_.:-]{1,64}(\/[A-Za-z0-9_.:-]{1,64}){0,6}$/;

const words = (most: number) =>
  v.pipe(
    v.string('must be words'),
    v.trim(),
    v.minLength(1, 'must not be empty'),
    v.maxLength(most, `must have at most ${most} characters`),
    v.regex(/^\P{C}*$/u, 'must not hold control characters'),
  );

const levels = v.pipe(
  v.string('must be a text'),
  v.regex(LEVELS, 'must be levels of a topic: letters, digits and _ . : - with / between them'),
);

const webAddress = v.pipe(
  v.string('must be a text'),
  v.check(
    (text) => /^https?:\/\/\S+$/.test(text) && URL.canParse(text),
    'must begin with http:// or https://',
  ),
);

const bedSchema = v.strictObject({
  device: field(levels, "the device's id, with the wards above it where topics have them: icu/bed-7"),
  label: field(v.optional(words(MAX_LABEL)), 'what people call the bed; else the device'),
  page: field(v.optional(webAddress), "the device's own page"),
});

const wardSchema = v.strictObject({
  title: field(v.optional(words(MAX_TITLE)), 'what people call the ward'),
  base: field(v.optional(levels), 'the levels before every device; else ecg'),
  history: field(
    v.optional(webAddress),
    'a page of the time series, such as a Grafana dashboard; {device} in it is replaced',
  ),
  beds: field(
    v.pipe(
      v.array(bedSchema, 'must be a list'),
      v.minLength(1, 'must name at least one bed'),
      v.maxLength(MAX_BEDS, `must name at most ${MAX_BEDS} beds`),
    ),
    'the beds, in order',
  ),
});

export interface WardBed {
  /** What its topics begin with: `ecg/icu/bed-7`. */
  readonly base: string;
  readonly device: string;
  readonly label: string;
  readonly page: string | null;
}

export interface Ward {
  readonly title: string | null;
  readonly history: string | null;
  readonly beds: readonly WardBed[];
}

/** @returns the ward, or every mistake in a line each */
export function readWard(value: unknown): { readonly ward: Ward } | { readonly problems: readonly string[] } {
  const result = v.safeParse(wardSchema, value);
  if (!result.success) return { problems: result.issues.map(problemOf) };
  const { title, history, beds, base = DEFAULT_BASE } = result.output;
  const problems = twice(
    beds.map(({ device }) => device),
    'device',
  );
  problems.push(
    ...twice(
      beds.map(({ label, device }) => label ?? device),
      'label',
    ),
  );
  if (problems.length > 0) return { problems };
  return {
    ward: {
      title: title ?? null,
      history: history ?? null,
      beds: beds.map(({ device, label, page }) => ({
        base: `${base}/${device}`,
        device,
        label: label ?? device,
        page: page ?? null,
      })),
    },
  };
}

function problemOf(issue: v.BaseIssue<unknown>): string {
  const path = (issue.path ?? []).reduce(
    (text, { key }) =>
      typeof key === 'number' ? `${text}[${key + 1}]` : text === '' ? String(key) : `${text}.${key}`,
    '',
  );
  if (issue.type === 'strict_object') {
    if (issue.expected === 'never') return `${path}: there is no such key`;
    if (issue.input === undefined) return `${path} is missing`;
    return `${path === '' ? 'the list' : path}: is ${shown(issue.input)}, must be a table`;
  }
  return `${path}: is ${shown(issue.input)}, ${issue.message}`;
}

function twice(values: readonly string[], key: string): string[] {
  return values.flatMap((value, at) => {
    const before = values.indexOf(value);
    return before < at ? [`beds[${at + 1}].${key}: is ${shown(value)}, as is that of bed ${before + 1}`] : [];
  });
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}
