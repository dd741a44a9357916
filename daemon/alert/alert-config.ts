/**
 * The `[alert]` section: the limits of the rhythm rules, made from their one table (ecg/rhythm/settings.ts), and what
 * the alert book needs. `asystoleSeconds` is the key `asystole_seconds`.
 */
import { ALERT_KIND_NAMES } from '@rhythmd/ecg/rhythm/kinds.ts';
import {
  RHYTHM_LIMITS,
  type RhythmLimitName,
  type RhythmSettings,
  rhythmSettings,
} from '@rhythmd/ecg/rhythm/settings.ts';
import { integer, list, number } from '../config/keys.ts';

type SnakeCase<Text extends string> = Text extends `${infer Head}${infer Tail}`
  ? `${Head extends Lowercase<Head> ? Head : `_${Lowercase<Head>}`}${SnakeCase<Tail>}`
  : Text;

type LimitKeys = { readonly [Name in RhythmLimitName as SnakeCase<Name>]: ReturnType<typeof number> };

const LIMIT_NAMES = Object.keys(RHYTHM_LIMITS) as RhythmLimitName[];

/** One key a limit, in the order of the table. */
export const limitKeys = Object.fromEntries(
  LIMIT_NAMES.map((name) => [snakeCase(name), limitKey(name)]),
) as unknown as LimitKeys;

export const bookKeys = {
  disabled: list({
    default: [],
    options: ALERT_KIND_NAMES,
    doc: 'Kinds that are not told at all.',
  }),
  update_seconds: number({
    default: 5,
    min: 0,
    max: 600,
    unit: 's',
    doc: 'Shortest time between two updates of one alert; start and end are told at once.',
  }),
  messages_per_minute: integer({
    default: 30,
    min: 1,
    max: 600,
    doc: 'How many messages of medium and low priority may go out. High priority is never held back.',
  }),
  silence_seconds: number({
    default: 120,
    min: 1,
    max: 3600,
    unit: 's',
    doc: 'How long a silence lasts when the request does not say. Two minutes is what bedside monitors use.',
  }),
  acknowledge_seconds: number({
    default: 600,
    min: 60,
    max: 7200,
    unit: 's',
    doc: 'How long an acknowledged alert stays quiet while its condition lasts; then it reminds (IEC 60601-1-8, 6.8.5).',
  }),
};

type LimitValues = { readonly [Key in keyof LimitKeys]: number };

/** @throws RhythmdError E_ALERT_LIMIT where limits contradict each other. */
export function settingsFromConfig(section: LimitValues): RhythmSettings {
  const values = section as Readonly<Record<string, number>>;
  return rhythmSettings(Object.fromEntries(LIMIT_NAMES.map((name) => [name, values[snakeCase(name)]!])));
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function limitKey(name: RhythmLimitName) {
  const { why, ...facts } = RHYTHM_LIMITS[name];
  const key = { ...facts, doc: `${why[0]!.toUpperCase()}${why.slice(1)}.` };
  return 'whole' in facts ? integer(key) : number(key);
}
