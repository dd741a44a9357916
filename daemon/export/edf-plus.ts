/**
 * A piece as EDF+ (Kemp and Olivan 2003, www.edfplus.info): 16-bit signals in data records, and annotations as time-stamped
 * lists in a signal of their own. The piece is gone through twice: for what is lost and how far signals of more than 16 bits
 * go, then to write.
 */
import { edfTextOf } from '@rhythmd/ecg/edf/edf-text.ts';
import {
  DIGITAL_MAX,
  DIGITAL_MIN,
  type EdfSignalToWrite,
  edfLabels,
  formatEdfHeader,
  inEightCharacters,
} from '@rhythmd/ecg/edf/format-header.ts';
import { type EdfMark, ListPacker } from '@rhythmd/ecg/edf/format-lists.ts';
import { recordDuration } from '@rhythmd/ecg/edf/record-duration.ts';
import { ecgByName } from '@rhythmd/ecg/lead-names.ts';
import { isLost } from '@rhythmd/ecg/wfdb/signal-formats.ts';
import { millivoltsPerUnit } from '@rhythmd/ecg/wfdb/units.ts';
import type { Piece, PieceLead } from './piece.ts';
import { type LeadSurvey, survey } from './piece-survey.ts';
import { type DigitalScale, digitalOf, digitalScale } from './sixteen-bits.ts';

/** Yields the header, then the data records. @throws RhythmdError E_EDF for signals that EDF+ cannot hold */
export function* edfPlus(piece: Piece): Generator<Uint8Array> {
  const { rateHz, leads, count, startMs } = piece;
  const { samples, durationS, text } = recordDuration(rateHz, leads.length);
  const records = Math.ceil(count / samples);
  const surveys = survey(piece);
  const marks = marksOf(piece, surveys, records * samples).sort((a, b) => a.onsetS - b.onsetS);
  // The header's start has whole seconds only: the lists carry the rest.
  const lists = new ListPacker(
    marks,
    records,
    durationS,
    startMs === null ? 0 : (((startMs % 1000) + 1000) % 1000) / 1000,
  );
  const scales = leads.map((lead, index) => digitalScale(lead, surveys[index]!, DIGITAL_MIN));
  const labels = edfLabels(leads.map(labelOf));
  yield formatEdfHeader({
    startMs: startMs === null ? null : Math.floor(startMs / 1000) * 1000,
    equipment: `rhythmd_${piece.record}`,
    records,
    durationText: text,
    samples,
    annotationBytes: lists.bytes,
    signals: leads.map((lead, index) => signalToWrite(lead, labels[index]!, scales[index]!)),
  });
  yield* dataRecords(piece, samples, records, lists, scales);
}

function* dataRecords(
  { leads, blocks }: Piece,
  samples: number,
  records: number,
  lists: ListPacker,
  scales: readonly DigitalScale[],
): Generator<Uint8Array> {
  // EDF has no value for "lost" or "after the end": 0, and an annotation that says so.
  const nothing = leads.map(({ signal }, lead) =>
    digitalOf(Math.round(signal.baseline), scales[lead]!, DIGITAL_MIN),
  );
  let bytes = new Uint8Array(leads.length * samples * 2);
  let view = new DataView(bytes.buffer);
  let record = 0;
  let filled = 0;
  for (const block of blocks()) {
    for (let i = 0; i < block.count; i++) {
      for (let lead = 0; lead < leads.length; lead++) {
        const value = block.adc[lead]![i]!;
        const digital = isLost(value) ? nothing[lead]! : digitalOf(value, scales[lead]!, DIGITAL_MIN);
        view.setInt16(2 * (lead * samples + filled), digital, true);
      }
      if (++filled < samples) continue;
      yield bytes;
      yield lists.pack(record++);
      bytes = new Uint8Array(bytes.length);
      view = new DataView(bytes.buffer);
      filled = 0;
    }
  }
  if (record >= records) return;
  for (; filled < samples; filled++) {
    for (let lead = 0; lead < leads.length; lead++) {
      view.setInt16(2 * (lead * samples + filled), nothing[lead]!, true);
    }
  }
  yield bytes;
  yield lists.pack(record);
}

function labelOf({ name, isVoltage }: PieceLead): string {
  return isVoltage && ecgByName(name) >= 0 && !/^(?:ECG|EKG)/i.test(name) ? `ECG ${name}` : name;
}

/** What fits EDF's eight characters, the finest first. */
const VOLTAGES = [
  ['uV', 1000],
  ['mV', 1],
  ['V', 1e-3],
] as const;

function signalToWrite(
  { units, isVoltage, signal }: PieceLead,
  label: string,
  digital: DigitalScale,
): EdfSignalToWrite {
  const physical = (value: number) =>
    ((value - digital.offset) / digital.scale - signal.baseline) / signal.gain;
  const [least, most] = [physical(DIGITAL_MIN), physical(DIGITAL_MAX)];
  const millivolts = millivoltsPerUnit(signal.units) ?? 1;
  const [name, perMillivolt] = isVoltage
    ? (VOLTAGES.find(([, scale]) =>
        [least, most].every((limit) => inEightCharacters(limit * millivolts * scale) !== null),
      ) ?? VOLTAGES[0])
    : [units, 1];
  return {
    label,
    units: name,
    physicalMin: least * millivolts * perMillivolt,
    physicalMax: most * millivolts * perMillivolt,
    transducer: signal.transducer ?? '',
    prefilter: signal.prefilter ?? '',
  };
}

function marksOf(piece: Piece, surveys: readonly LeadSurvey[], written: number): EdfMark[] {
  const { annotations, rateHz, leads, count } = piece;
  const marks: EdfMark[] = annotations.map((annotation) => ({
    onsetS: annotation.sample / rateHz,
    durationS: null,
    text: edfTextOf(annotation),
  }));
  for (const [index, { lost }] of surveys.entries()) {
    const name = Buffer.from(leads[index]!.name, 'utf8').toString('latin1');
    for (const [from, to] of lost) {
      marks.push({ onsetS: from / rateHz, durationS: (to - from) / rateHz, text: `signal lost in ${name}` });
    }
  }
  if (count < written) marks.push({ onsetS: count / rateHz, durationS: null, text: 'end of signal' });
  return marks;
}
