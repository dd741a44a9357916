/** A piece drawn on ECG paper: beats above the leads, rhythm and quality below. */

import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { Drawing } from '@rhythmd/ecg/paper/drawing.ts';
import { SCALE_TEXT, type StripMark } from '@rhythmd/ecg/paper/strip.ts';
import { AnnotationCode, isBeatCode, mnemonicOf } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import { stripRows } from '../paper/strip-pages.ts';
import { clockTime } from '../score/clock-time.ts';
import { type Piece, pieceTime, wholeLeads } from './piece.ts';

const BEAT_COLOURS: Readonly<Record<string, string>> = { N: '#555555', V: '#c00020', F: '#b06000' };
const OTHER_BEAT_COLOUR = '#20408a';
const MARK_COLOUR = '#20408a';
const BELOW: readonly number[] = [AnnotationCode.rhythm, AnnotationCode.signalQuality, AnnotationCode.note];

/**
 * One drawing a row of ten seconds. What is no voltage has no place on ECG paper: it is named below, not drawn.
 * @throws RhythmdError E_SIGNAL_UNITS where nothing is left to draw
 */
export function drawPiece(piece: Piece): Generator<Drawing> {
  const { rateHz, count, leads, record, first } = piece;
  const whole = wholeLeads(piece);
  const drawn = leads.flatMap(({ name, isVoltage }, i) => (isVoltage ? [{ name, samples: whole[i]! }] : []));
  const others = leads.filter(({ isVoltage }) => !isVoltage).map(({ name, units }) => `${name} (${units})`);
  if (drawn.length === 0) {
    throw new RhythmdError(
      'E_SIGNAL_UNITS',
      `record ${record} has no signal in volts: ${others.join(', ')}`,
      'Only voltages are drawn on ECG paper',
    );
  }
  const notDrawn = others.length === 0 ? '' : `   not drawn: ${others.join(', ')}`;
  const inRecord = piece.startMs === null ? '' : `, ${clockTime(first / rateHz)} of the recording`;
  return stripRows(
    {
      title: `${record}   ${pieceTime(piece)}${inRecord}`,
      footer: `${SCALE_TEXT}   rhythmd, not a medical device${notDrawn}`,
      rateHz,
      first: 0,
      count,
      leads: drawn,
      marks: marksOf(piece),
    },
    (sample) =>
      `${record}   ${pieceTime({ ...piece, first: first + sample, startMs: later(piece, sample) })}`,
  );
}

function later({ startMs, rateHz }: Piece, sample: number): number | null {
  return startMs === null ? null : startMs + (sample / rateHz) * 1000;
}

function marksOf({ annotations }: Piece): StripMark[] {
  return annotations.flatMap(({ sample, code, aux }): StripMark[] => {
    if (isBeatCode(code)) {
      const text = mnemonicOf(code);
      return [{ sample, text, row: 'over', colour: BEAT_COLOURS[text] ?? OTHER_BEAT_COLOUR }];
    }
    if (!BELOW.includes(code) || aux === null) return [];
    return [{ sample, text: aux, row: 'under', colour: MARK_COLOUR }];
  });
}
