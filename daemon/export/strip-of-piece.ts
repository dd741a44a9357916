/** A piece drawn on ECG paper: beats above the leads, rhythm and quality below, and who, when and how on top. */

import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { Drawing } from '@rhythmd/ecg/paper/drawing.ts';
import { stripFacts, stripFooter, stripTitle } from '@rhythmd/ecg/paper/strip-words.ts';
import { isBeatCode } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import { stripRows } from '../paper/strip-pages.ts';
import { clockTime } from '../score/clock-time.ts';
import { localTimeWithZone } from './local-time.ts';
import { type Piece, wholeLeads } from './piece.ts';
import { stripMarks } from './strip-marks.ts';

/** Who it is of, as far as anybody said; an empty text is left out. */
export interface StripAbout {
  /** A bed or a pseudonym. */
  readonly label: string;
  readonly device: string;
  /** Alerts that stood in some of it, for people. */
  readonly alerts: readonly string[];
}

const NOBODY: StripAbout = { label: '', device: '', alerts: [] };

/**
 * One drawing a row of ten seconds. What is no voltage has no place on ECG paper: it is named below, not drawn.
 * @throws RhythmdError E_SIGNAL_UNITS where nothing is left to draw
 */
export function drawPiece(piece: Piece, about: StripAbout = NOBODY): Generator<Drawing> {
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
  const inRecord = piece.startMs === null ? '' : `, ${clockTime(first / rateHz)} of the recording`;
  return stripRows(
    {
      title: stripTitle(about.label, about.device, record, `${timeAt(piece, 0)}${inRecord}`),
      facts: stripFacts({ beats: beatsOf(piece), rateHz, alerts: about.alerts }),
      footer: stripFooter('as recorded, no filter', others),
      rateHz,
      first: 0,
      count,
      leads: drawn,
      marks: stripMarks(piece.annotations),
      pulse: true,
    },
    (sample) => `${record}   ${timeAt(piece, sample)}`,
  );
}

function timeAt({ startMs, first, rateHz }: Piece, sample: number): string {
  return startMs === null
    ? clockTime((first + sample) / rateHz)
    : localTimeWithZone(startMs + (sample / rateHz) * 1000);
}

function beatsOf({ annotations }: Piece): number[] {
  return annotations.filter(({ code }) => isBeatCode(code)).map(({ sample }) => sample);
}
