/**
 * The one multiplex group of a DICOM ECG (PS3.3, C.10.9): every voltage a channel of 16 bits, its lead by the codes of IEEE
 * 11073 (context group 3001), its scale in microvolts.
 */
import {
  decimalElement,
  sequenceElement,
  textElement,
  u16Element,
  u32Element,
} from '@rhythmd/ecg/dicom/data-element.ts';
import { MDC_LEADS, standardLead } from '@rhythmd/ecg/lead-names.ts';
import { isLost } from '@rhythmd/ecg/wfdb/signal-formats.ts';
import { millivoltsPerUnit } from '@rhythmd/ecg/wfdb/units.ts';
import type { Piece, PieceLead } from './piece.ts';
import { type LeadSurvey, survey } from './piece-survey.ts';
import { type DigitalScale, digitalOf, digitalScale, MAX_DIGITAL } from './sixteen-bits.ts';

/** What a sample that was lost holds. */
const PADDING = -32768;
const LEAST = PADDING + 1;

export interface Channel {
  readonly lead: PieceLead;
  readonly index: number;
  readonly digital: DigitalScale;
}

export function channelsOf(piece: Piece): Channel[] {
  const surveys = survey(piece);
  return piece.leads.flatMap((lead, index): Channel[] =>
    lead.isVoltage ? [{ lead, index, digital: digitalFrom(lead, surveys[index]!) }] : [],
  );
}

/**
 * Sample 0 is 0 V wherever 16 bits allow it: readers disagree on whether a channel's baseline is in its unit, as PS3.3
 * (C.10.9) says, or in samples (pydicom 2.3).
 */
function digitalFrom(lead: PieceLead, told: LeadSurvey): DigitalScale {
  const zero = Math.round(lead.signal.baseline);
  const fits = told.least - zero >= LEAST && told.most - zero <= MAX_DIGITAL;
  return fits ? { scale: 1, offset: -zero } : digitalScale(lead, told, LEAST);
}

export function multiplexGroup({ rateHz, count }: Piece, channels: readonly Channel[]): Uint8Array[] {
  return [
    textElement(0x003a_0004, 'CS', 'ORIGINAL'),
    u16Element(0x003a_0005, 'US', channels.length),
    u32Element(0x003a_0010, count),
    decimalElement(0x003a_001a, rateHz),
    sequenceElement(0x003a_0200, channels.map(channelDefinition)),
    u16Element(0x5400_1004, 'US', 16),
    textElement(0x5400_1006, 'CS', 'SS'),
    u16Element(0x5400_100a, 'OW', PADDING & 0xffff),
  ];
}

/** microvolts = sample * sensitivity + baseline */
function channelDefinition({ lead, digital }: Channel): Uint8Array[] {
  const { name, signal } = lead;
  const standard = standardLead(name);
  const microvolts = ((millivoltsPerUnit(signal.units) ?? 1) * 1000) / signal.gain;
  return [
    textElement(0x003a_0203, 'SH', name),
    sequenceElement(0x003a_0208, [
      code(
        standard === null ? '2:0' : `2:${MDC_LEADS[standard]}`,
        'MDC',
        standard === null ? 'Unspecified lead' : `Lead ${standard}`,
      ),
    ]),
    decimalElement(0x003a_0210, microvolts / digital.scale),
    sequenceElement(0x003a_0211, [code('uV', 'UCUM', 'microvolt')]),
    decimalElement(0x003a_0212, 1),
    decimalElement(0x003a_0213, -(digital.offset / digital.scale + signal.baseline) * microvolts),
    decimalElement(0x003a_0215, 0),
    u16Element(0x003a_021a, 'US', 16),
  ];
}

function code(value: string, scheme: string, meaning: string): Uint8Array[] {
  return [
    textElement(0x0008_0100, 'SH', value),
    textElement(0x0008_0102, 'SH', scheme),
    textElement(0x0008_0104, 'LO', meaning),
  ];
}

/** The samples, a few seconds at a time, the channels interleaved. */
export function* waveformData({ blocks }: Piece, channels: readonly Channel[]): Generator<Uint8Array> {
  for (const block of blocks()) {
    const bytes = new Uint8Array(block.count * channels.length * 2);
    const view = new DataView(bytes.buffer);
    let at = 0;
    for (let i = 0; i < block.count; i++) {
      for (const { index, digital } of channels) {
        const value = block.adc[index]![i]!;
        view.setInt16(at, isLost(value) ? PADDING : digitalOf(value, digital, LEAST), true);
        at += 2;
      }
    }
    yield bytes;
  }
}
