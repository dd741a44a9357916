/** The mean beat of each class on paper, with one standard deviation above and below. */
import { CLASS_INKS } from '@rhythmd/ecg/paper/class-ink.ts';
import type { Drawing, Line, Text } from '@rhythmd/ecg/paper/drawing.ts';
import { INK } from '@rhythmd/ecg/paper/drawing.ts';
import { MM_PER_MILLIVOLT } from '@rhythmd/ecg/paper/trace.ts';
import type { BeatTemplate } from '@rhythmd/ecg/review/templates.ts';
import type { Block } from './block.ts';
import type { ReportFacts } from './finished-report.ts';

/** A beat at twice the paper's usual speed shows its shape. */
const MM_PER_SECOND = 50;
const BOX_MM = 40;
const GAP_MM = 5;
const IN_A_ROW = 4;
const CAPTION_MM = 5;
const TEXT_MM = 2.8;
/** Of the box below the zero line. */
const ZERO_SHARE = 0.6;

export function* templatePages({ templates, lead }: ReportFacts): Generator<Block> {
  if (templates.length === 0) {
    yield { kind: 'text', text: 'No beat could be averaged.' };
    return;
  }
  yield {
    kind: 'text',
    text: `Lead ${lead ?? 'not known'}, ${MM_PER_SECOND} mm/s, ${MM_PER_MILLIVOLT} mm/mV; thin lines are one standard deviation away. The PR segment is zero.`,
  };
  for (let i = 0; i < templates.length; i += IN_A_ROW) {
    yield { kind: 'drawing', drawing: rowOf(templates.slice(i, i + IN_A_ROW)) };
  }
}

function rowOf(templates: readonly BeatTemplate[]): Drawing {
  const items = templates.flatMap((template, i) => boxOf(template, i * (BOX_MM + GAP_MM)));
  return { widthMm: IN_A_ROW * (BOX_MM + GAP_MM), heightMm: BOX_MM + CAPTION_MM, items };
}

function boxOf(template: BeatTemplate, x: number): Drawing['items'][number][] {
  const { label, count, mean, deviation } = template;
  const { letter, name, ink } = CLASS_INKS[label];
  const caption: Text = {
    kind: 'text',
    x,
    y: CAPTION_MM - 1.5,
    sizeMm: TEXT_MM,
    colour: INK,
    anchor: 'start',
    text: `${letter}  ${name}: ${count} beats`,
  };
  const line = (value: (i: number) => number, strokeMm: number): Line => ({
    kind: 'line',
    points: mean.flatMap((_, i) => {
      const at = i * template.step_s * MM_PER_SECOND;
      if (at > BOX_MM) return [];
      const y = BOX_MM * ZERO_SHARE - value(i) * MM_PER_MILLIVOLT;
      return [x + at, CAPTION_MM + Math.max(0, Math.min(BOX_MM, y))];
    }),
    strokeMm,
    colour: ink,
  });
  return [
    { kind: 'grid', x, y: CAPTION_MM, width: BOX_MM, height: BOX_MM },
    line((i) => mean[i]! + deviation[i]!, 0.1),
    line((i) => mean[i]! - deviation[i]!, 0.1),
    line((i) => mean[i]!, 0.35),
    caption,
  ];
}
