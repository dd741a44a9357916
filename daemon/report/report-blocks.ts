/** A report as blocks, in the order in which they are read; HTML and PDF put them down. Unknown is said in words. */

import type { Ectopy, Run } from '@rhythmd/ecg/holter/report.ts';
import { rhythmName } from '@rhythmd/ecg/rhythm/rhythm-names.ts';
import { localTimeWithZone, zoneIfChanged, zoneName } from '../export/local-time.ts';
import type { Block } from './block.ts';
import { type FinishedReport, NOTICE, recordsText } from './finished-report.ts';
import { hourTable } from './hour-table.ts';
import { provenance } from './provenance.ts';
import { durationText, momentOf } from './report-time.ts';
import { templatePages } from './template-pages.ts';
import { kindTitle } from './titles.ts';

const NOT_KNOWN = 'not known';

export function* reportBlocks(report: FinishedReport): Generator<Block> {
  const { facts, holter } = report;
  const { start_ms, device, records } = facts;
  const moment = (atS: number) => momentOf(start_ms, atS);
  yield { kind: 'title', text: 'ECG report' };
  yield {
    kind: 'text',
    text: `${NOTICE}. Made by rhythmd ${facts.version}, ${localTimeWithZone(facts.made_ms)}.`,
  };
  yield {
    kind: 'facts',
    rows: [
      ...(device === null ? [] : [['Bed or device', device] as const]),
      ['Recordings', `${recordsText(records)}${facts.strung_together ? ', one after the other' : ''}`],
      ['Begins', start_ms === null ? 'time of day not known' : localTimeWithZone(start_ms)],
      ['Duration', spanText(holter.duration_s, holter.recorded_s)],
      ['Readable', readableText(holter.readable_s, holter.readable_share)],
      ...provenance(facts),
    ],
  };
  yield { kind: 'heading', text: 'Summary' };
  yield* summary(report, moment);
  yield { kind: 'heading', text: 'By the hour' };
  if (start_ms !== null) {
    const isChanged = zoneIfChanged(start_ms, start_ms + holter.duration_s * 1000) !== '';
    const more = isChanged
      ? '; the clock was changed meanwhile, and what came after has its zone beside it'
      : '';
    yield { kind: 'text', text: `Hours of the clock, ${zoneName(start_ms)}${more}.` };
  }
  yield hourTable(holter, start_ms);
  yield* lists(report, moment);
  yield { kind: 'heading', text: 'Mean beats' };
  yield* templatePages(facts);
  yield { kind: 'heading', text: 'Strips' };
  if (facts.events.length === 0) yield { kind: 'text', text: 'Nothing could be chosen: no beats are known.' };
  for (const drawing of report.strips()) yield { kind: 'drawing', drawing };
}

function* summary({ holter }: FinishedReport, moment: (atS: number) => string): Generator<Block> {
  const { beats, rates, pauses, atrial_fibrillation: af, heart_rate_variability: hrv } = holter;
  const classes = Object.entries(beats.by_class).map(([name, count]) => `${name} ${count ?? NOT_KNOWN}`);
  const rate = (at: { bpm: number; at_s: number } | null) =>
    at === null ? NOT_KNOWN : `${Math.round(at.bpm)}/min at ${moment(at.at_s)}`;
  yield {
    kind: 'facts',
    rows: [
      ['Beats', beats.total === 0 ? 'none found' : `${beats.total} (${classes.join(', ')})`],
      ['Mean heart rate', rates.mean_bpm === null ? NOT_KNOWN : `${Math.round(rates.mean_bpm)}/min`],
      ['Slowest', rate(rates.slowest)],
      ['Fastest', rate(rates.fastest)],
      ['Pauses', pauses === null ? NOT_KNOWN : pausesText(pauses, moment)],
      [
        'Atrial fibrillation',
        af === null
          ? NOT_KNOWN
          : af.episodes === 0
            ? 'none told'
            : `${percent(af.burden)} of the readable time, ${af.episodes} episode${af.episodes === 1 ? '' : 's'}, the longest ${durationText(af.longest?.duration_s ?? 0)}`,
      ],
      [
        'Variability',
        hrv === null
          ? `${NOT_KNOWN}: too few normal intervals in a row`
          : `SDNN ${Math.round(hrv.sdnn_ms)} ms, RMSSD ${Math.round(hrv.rmssd_ms)} ms, pNN50 ${percent(hrv.pnn50)}, of ${hrv.nn_intervals} normal intervals`,
      ],
    ],
  };
  yield {
    kind: 'table',
    head: ['Ectopic beats', 'beats', 'of all', 'single', 'couplets', 'runs', 'longest run', 'fastest run'],
    rows: [
      ectopyRow('Ventricular', holter.ventricular, moment),
      ectopyRow('Supraventricular', holter.supraventricular, moment),
    ],
  };
  yield {
    kind: 'text',
    text:
      `Rates are means of ${rates.over_intervals} intervals in a row, pauses are intervals of ${pauses?.limit_s ?? '3'} s and more; ` +
      'neither is counted across what cannot be read. Classes, couplets and runs (three beats and more) are those of ' +
      'ANSI/AAMI EC57: escape beats count as supraventricular; a fusion beat (F) is no ventricular beat, but counts as one among single ones, couplets and runs. ' +
      'Variability (Task Force 1996) leaves out fibrillation and intervals next to a beat that is not normal.',
  };
}

function ectopyRow(name: string, ectopy: Ectopy | null, moment: (atS: number) => string): string[] {
  if (ectopy === null) return [name, ...Array<string>(7).fill(NOT_KNOWN)];
  const { beats, fusion, share, single, couplets, runs, longest_run, fastest_run } = ectopy;
  const run = (of: Run | null, text: (run: Run) => string) =>
    of === null ? 'none' : `${text(of)}, ${moment(of.at_s)}`;
  return [
    name,
    fusion === 0 ? String(beats) : `${beats} and ${fusion} F`,
    percent(share),
    String(single),
    String(couplets),
    String(runs),
    run(longest_run, (of) => `${of.beats} beats`),
    run(fastest_run, (of) => `${Math.round(of.bpm ?? 0)}/min`),
  ];
}

function* lists({ holter, facts }: FinishedReport, moment: (atS: number) => string): Generator<Block> {
  const { rhythms, pauses } = holter;
  yield { kind: 'heading', text: 'Rhythms' };
  if (rhythms === null) yield { kind: 'text', text: `${NOT_KNOWN}: the annotations name no rhythm.` };
  else if (rhythms.length === 0) yield { kind: 'text', text: 'None but the ordinary was told.' };
  else {
    yield {
      kind: 'table',
      head: ['Rhythm', 'episodes', 'in all', 'of the readable', 'longest', 'at'],
      rows: rhythms.map(({ rhythm, episodes, total_s, share, longest }) => [
        rhythmName(rhythm),
        String(episodes),
        durationText(total_s),
        percent(share),
        durationText(longest.duration_s),
        moment(longest.at_s),
      ]),
    };
  }
  if (pauses !== null && pauses.count > 0) {
    yield { kind: 'heading', text: `Longest pauses (${pauses.longest.length} of ${pauses.count})` };
    yield {
      kind: 'table',
      head: ['Pause', 'at'],
      rows: pauses.longest.map(({ duration_s, at_s }) => [`${duration_s.toFixed(2)} s`, moment(at_s)]),
    };
  }
  yield { kind: 'heading', text: 'Alarms' };
  if (facts.alarms === null)
    yield { kind: 'text', text: `${NOT_KNOWN}: annotations of beats carry no alarms.` };
  else if (facts.alarms.length === 0) yield { kind: 'text', text: 'None was told.' };
  else {
    yield {
      kind: 'table',
      head: ['Alarm', 'priority', 'times', 'longest'],
      rows: facts.alarms.map(({ kind, priority, count, longest_s }) => [
        kindTitle(kind),
        priority,
        String(count),
        longest_s === null ? 'stands at the end' : durationText(longest_s),
      ]),
    };
  }
}

function pausesText(
  { count, limit_s, longest }: NonNullable<FinishedReport['holter']['pauses']>,
  moment: (atS: number) => string,
): string {
  const [first] = longest;
  return first === undefined
    ? `none of ${limit_s} s and more`
    : `${count} of ${limit_s} s and more, the longest ${first.duration_s.toFixed(1)} s at ${moment(first.at_s)}`;
}

function spanText(durationS: number, recordedS: number): string {
  const gapS = durationS - recordedS;
  return gapS < 1
    ? durationText(durationS)
    : `${durationText(durationS)}, of which ${durationText(recordedS)} were recorded`;
}

function readableText(readableS: number, share: number | null): string {
  return share === null ? NOT_KNOWN : `${percent(share)} of what was recorded (${durationText(readableS)})`;
}

/** Two digits at least of what is small. */
function percent(share: number | null): string {
  if (share === null) return NOT_KNOWN;
  const value = share * 100;
  return `${value >= 10 || value === 0 ? (value === 0 ? '0' : value.toFixed(1)) : value.toPrecision(2)} %`;
}
