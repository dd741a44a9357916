/** The figures of a cross-fit, as they are printed, published and put on the card. */
import { RHYTHM_CLASSES } from '@rhythmd/ecg/rhythm/rhythm-estimate.ts';
import { type AlarmFigures, type AlarmRule, alarmFigures, type EpisodeKind } from './alarm-figures.ts';
import type { PredictedRecord } from './predictions.ts';
import { ASYSTOLE, FIBRILLATION, TACHYCARDIA } from './reference.ts';
import { type WindowFigures, windowFigures } from './window-figures.ts';

const EVER = Number.POSITIVE_INFINITY;

const EPISODE_KINDS: readonly EpisodeKind[] = [
  { name: 'cudb, fibrillation of 10 s', databases: ['cudb'], classes: [FIBRILLATION], length: [10, EVER] },
  { name: 'vfdb, fibrillation of 10 s', databases: ['vfdb'], classes: [FIBRILLATION], length: [10, EVER] },
  { name: 'vfdb, tachycardia of 10 s', databases: ['vfdb'], classes: [TACHYCARDIA], length: [10, EVER] },
  {
    name: 'tachycardia of 5 to 10 s',
    databases: ['vfdb', 'mitdb', 'svdb'],
    classes: [TACHYCARDIA],
    length: [5, 10],
  },
  { name: 'vfdb, tachycardia under 5 s', databases: ['vfdb'], classes: [TACHYCARDIA], length: [0, 5] },
  { name: 'asystole of 5 s', databases: ['vfdb', 'cudb', 'mitdb'], classes: [ASYSTOLE], length: [5, EVER] },
  {
    name: 'mitdb, runs and flutter',
    databases: ['mitdb'],
    classes: [TACHYCARDIA, FIBRILLATION],
    length: [0, EVER],
  },
  { name: 'svdb, runs', databases: ['svdb'], classes: [TACHYCARDIA], length: [0, EVER] },
];

/** From quick and noisy to slow and quiet: the ends of the trade. */
const ALARM_RULES: readonly AlarmRule[] = [
  { meanSeconds: 1, threshold: 0.5 },
  { meanSeconds: 2, threshold: 0.5 },
  { meanSeconds: 3, threshold: 0.6 },
  { meanSeconds: 4, threshold: 0.7 },
];

export interface FoldFigures {
  readonly windows: WindowFigures;
  readonly alarms: readonly {
    readonly rule: AlarmRule;
    readonly kinds: readonly ({ readonly name: string } & AlarmFigures)[];
  }[];
}

export function foldFigures(list: readonly PredictedRecord[]): FoldFigures {
  return {
    windows: windowFigures(list),
    alarms: ALARM_RULES.map((rule) => ({
      rule,
      kinds: EPISODE_KINDS.map((kind) => ({ name: kind.name, ...alarmFigures(list, kind, rule) })),
    })),
  };
}

export function formatFoldFigures({ windows, alarms }: FoldFigures): string {
  const names = RHYTHM_CLASSES.map((name) => name.slice(0, 12).padStart(13)).join('');
  const row = (name: string, counts: readonly number[]): string => {
    const sum = counts.reduce((a, b) => a + b, 0);
    const shares = counts.map((count) => (sum === 0 ? '-' : ((100 * count) / sum).toFixed(1)).padStart(13));
    return `${name.padEnd(16)}${shares.join('')}  of ${sum}`;
  };
  const lines = [
    `windows, % said (mean loss ${windows.loss.toFixed(4)}):`,
    `${''.padEnd(16)}${names}`,
    ...windows.matrix.map((counts, c) => row(RHYTHM_CLASSES[c]!, counts)),
    row('NOISE of vfdb', windows.annotatedNoise),
  ];
  for (const { rule, kinds } of alarms) {
    lines.push('', `mean of ${rule.meanSeconds} s, ${rule.threshold}:`);
    for (const kind of kinds) lines.push(alarmLine(kind));
  }
  return lines.join('\n');
}

function alarmLine(kind: { readonly name: string } & AlarmFigures): string {
  const { name, episodes, found, withinTenSeconds, covered, medianDelaySeconds, falseAlarms, hours } = kind;
  return (
    `  ${name.padEnd(30)} found ${found}/${episodes}, within 10 s ${withinTenSeconds}, ` +
    `covered ${(100 * covered).toFixed(0)} %, delay ${medianDelaySeconds?.toFixed(1) ?? '-'} s; ` +
    `false ${falseAlarms} in ${hours.toFixed(1)} h (${(falseAlarms / hours).toFixed(2)} an hour)`
  );
}
