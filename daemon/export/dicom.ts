/**
 * A piece as a DICOM ECG (PS3.3, A.34.4 and A.34.5): its voltages as one multiplex group of 16 bits, its annotations as
 * points on it. At 200 Hz and more it is a General ECG, below an Ambulatory ECG. Written by hand: the one library for Node
 * that writes DICOM and is kept, dcmjs, makes a whole file in memory, and a day of twelve leads is a gigabyte. No patient
 * in it: who that is, the receiver knows.
 */
import { randomUUID } from 'node:crypto';
import {
  bytesElement,
  elementHeader,
  itemHeader,
  joined,
  MAX_LENGTH,
  sequenceElement,
  textElement,
  u16Element,
  u32Element,
} from '@rhythmd/ecg/dicom/data-element.ts';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { mnemonicOf } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import { channelsOf, multiplexGroup, waveformData } from './dicom-channels.ts';
import type { Piece } from './piece.ts';

const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
/** By the leads and rates that each allows. */
const STORAGES = [
  { uid: '1.2.840.10008.5.1.4.1.1.9.1.2', name: 'General ECG', leads: 24, minHz: 200, maxHz: 1000 },
  { uid: '1.2.840.10008.5.1.4.1.1.9.1.3', name: 'Ambulatory ECG', leads: 12, minHz: 50, maxHz: 1000 },
] as const;
/** Implementation: a name for the program that wrote the file, made once (2.25: a UUID as a number). */
const IMPLEMENTATION = '2.25.165357915509959718560330453317275729645';
/** DICOM demands a time; this is what stands there when nobody knows it. */
export const UNKNOWN_DATE = '19000101';

/** Yields the file, its samples a few seconds at a time. @throws RhythmdError E_DICOM for what fits no ECG of DICOM */
export function* dicomEcg(piece: Piece, device: string): Generator<Uint8Array> {
  const channels = channelsOf(piece);
  const storage = storageOf(piece.rateHz, channels.length);
  const uid = newUid();
  yield* fileMeta(storage.uid, uid);
  yield joined(dataSet(piece, device, storage.uid, uid));
  const group = joined(multiplexGroup(piece, channels));
  const dataBytes = piece.count * channels.length * 2;
  const data = elementHeader(0x5400_1010, 'OW', dataBytes);
  const itemBytes = group.length + data.length + dataBytes;
  if (itemBytes + 8 > MAX_LENGTH) throw refusal(`${piece.count} samples are more than a file of it can hold`);
  yield joined([elementHeader(0x5400_0100, 'SQ', itemBytes + 8), itemHeader(itemBytes), group, data]);
  yield* waveformData(piece, channels);
}

function storageOf(rateHz: number, leads: number): (typeof STORAGES)[number] {
  const fitting = STORAGES.find(
    (kind) => leads > 0 && leads <= kind.leads && rateHz >= kind.minHz && rateHz <= kind.maxHz,
  );
  if (fitting === undefined) throw refusal(`${leads} ECG leads at ${rateHz} Hz fit no ECG of DICOM`);
  return fitting;
}

function refusal(message: string): RhythmdError {
  return new RhythmdError('E_DICOM', message, 'Export as EDF+ or CSV');
}

/** A UUID as a number under 2.25 (PS3.5, B.2). */
function newUid(): string {
  return `2.25.${BigInt(`0x${randomUUID().replaceAll('-', '')}`)}`;
}

function* fileMeta(storage: string, uid: string): Generator<Uint8Array> {
  const preamble = new Uint8Array(132);
  preamble.set([0x44, 0x49, 0x43, 0x4d], 128);
  yield preamble;
  const elements = joined([
    bytesElement(0x0002_0001, Uint8Array.of(0, 1)),
    textElement(0x0002_0002, 'UI', storage),
    textElement(0x0002_0003, 'UI', uid),
    textElement(0x0002_0010, 'UI', EXPLICIT_LITTLE_ENDIAN),
    textElement(0x0002_0012, 'UI', IMPLEMENTATION),
    textElement(0x0002_0013, 'SH', 'rhythmd'),
  ]);
  yield u32Element(0x0002_0000, elements.length);
  yield elements;
}

/** Everything before the samples. Empty elements are those that must be there and are not known. */
function dataSet(piece: Piece, device: string, storage: string, uid: string): Uint8Array[] {
  const { startMs, record } = piece;
  const digits = startMs === null ? null : new Date(startMs).toISOString().replace(/[-:TZ]/g, '');
  const date = digits?.slice(0, 8) ?? UNKNOWN_DATE;
  const time = digits?.slice(8) ?? '000000';
  const known = (text: string) => (startMs === null ? '' : text);
  return [
    textElement(0x0008_0005, 'CS', 'ISO_IR 192'),
    textElement(0x0008_0016, 'UI', storage),
    textElement(0x0008_0018, 'UI', uid),
    textElement(0x0008_0020, 'DA', known(date)),
    textElement(0x0008_0023, 'DA', date),
    textElement(0x0008_002a, 'DT', `${date}${time}+0000`),
    textElement(0x0008_0030, 'TM', known(time)),
    textElement(0x0008_0033, 'TM', time),
    textElement(0x0008_0050, 'SH', ''),
    textElement(0x0008_0060, 'CS', 'ECG'),
    textElement(0x0008_0070, 'LO', 'rhythmd'),
    textElement(0x0008_0090, 'PN', ''),
    textElement(0x0008_0201, 'SH', '+0000'),
    textElement(0x0008_103e, 'LO', `record ${record}; not a medical device`),
    textElement(0x0008_1090, 'LO', device),
    textElement(0x0010_0010, 'PN', ''),
    textElement(0x0010_0020, 'LO', ''),
    textElement(0x0010_0030, 'DA', ''),
    textElement(0x0010_0040, 'CS', ''),
    textElement(0x0020_000d, 'UI', newUid()),
    textElement(0x0020_000e, 'UI', newUid()),
    textElement(0x0020_0010, 'SH', ''),
    textElement(0x0020_0011, 'IS', '1'),
    textElement(0x0020_0013, 'IS', '1'),
    sequenceElement(0x0040_0555, []),
    ...annotationsOf(piece),
  ];
}

/** Points on all channels of the one group; samples are counted from 1. */
function annotationsOf({ annotations }: Piece): Uint8Array[] {
  if (annotations.length === 0) return [];
  const items = annotations.map(({ sample, code, aux }) => [
    u16Element(0x0040_a0b0, 'US', 1, 0),
    textElement(0x0040_a130, 'CS', 'POINT'),
    u32Element(0x0040_a132, sample + 1),
    textElement(0x0070_0006, 'ST', aux ?? mnemonicOf(code)),
  ]);
  return [sequenceElement(0x0040_b020, items)];
}
