/** A page that a person can leaf through: the strip of every episode that was missed and of every false high alarm. */
import { drawStrip, type StripMark } from '@rhythmd/ecg/paper/strip.ts';
import { toSvg } from '@rhythmd/ecg/paper/svg.ts';
import type { DangerRecord } from './measure.ts';
import type { RecordOutcome } from './outcome.ts';

const RATE_HZ = 360;
const STRIP_S = 12;
/** A strip begins this long before what it shows. */
const BEFORE_S = 8;
/** A page must open in a browser. */
const MAX_STRIPS = 600;

interface Shown {
  readonly title: string;
  readonly atS: number;
  readonly record: DangerRecord;
}

export function dangerPage(pairs: readonly { record: DangerRecord; outcome: RecordOutcome }[]): string {
  const missed: Shown[] = [];
  const falseOnes: Shown[] = [];
  for (const { record, outcome } of pairs) {
    const name = `${record.database}/${record.name}`;
    for (const { danger, fromS, toS, namedDelayS, highDelayS } of outcome.episodes) {
      if (namedDelayS !== null) continue;
      const other = highDelayS === null ? 'no high alarm' : 'another high alarm';
      const title = `${name}: ${danger} ${fromS.toFixed(0)} to ${toS.toFixed(0)} s, ${other}`;
      missed.push({ title, atS: fromS + BEFORE_S / 2, record });
    }
    for (const { kind, toldS, endS } of outcome.falseHigh) {
      const title = `${name}: ${kind} told at ${toldS.toFixed(1)} s, until ${endS.toFixed(0)} s`;
      falseOnes.push({ title, atS: toldS, record });
    }
  }
  const section = (title: string, shown: readonly Shown[]) =>
    `<h2>${title}: ${shown.length}</h2>\n${shown.slice(0, MAX_STRIPS).map(figure).join('\n')}`;
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Missed episodes and false alarms</title>
<style>body{font:16px sans-serif;margin:1em;max-width:1300px}svg{width:100%;height:auto}figure{margin:1em 0}</style>
<h1>Missed episodes and false alarms of high priority</h1>
<p>Green below: beats that were found. Each strip ends some seconds after its event.</p>
${section('Missed or told by another name', missed)}
${section('False', falseOnes)}
</html>
`;
}

function figure({ title, atS, record }: Shown): string {
  const { lead, events } = record.timeline;
  const first = Math.max(
    0,
    Math.min(lead.length - STRIP_S * RATE_HZ, Math.round((atS - BEFORE_S) * RATE_HZ)),
  );
  const count = Math.min(lead.length, STRIP_S * RATE_HZ);
  const marks: StripMark[] = events.flatMap((event) =>
    'peak' in event && event.peak.sample >= first && event.peak.sample < first + count
      ? [{ sample: event.peak.sample, text: '|', row: 'under', colour: '#080' } as const]
      : [],
  );
  marks.push({ sample: Math.round(atS * RATE_HZ), text: 'here', row: 'over', colour: '#c00', line: true });
  const leads = [{ name: '', samples: lead }];
  return `<figure>${toSvg(drawStrip({ title, footer: '', rateHz: RATE_HZ, first, count, leads, marks }))}</figure>`;
}
