/** docs/records.md: which formats, containers and units are read and written, asked of the program itself. */
import { findFormat } from '@rhythmd/ecg/wfdb/signal-formats.ts';
import { millivoltsPerUnit } from '@rhythmd/ecg/wfdb/units.ts';
import { WRITABLE_FORMATS } from '@rhythmd/records/write-record.ts';

/** All that signal(5) names, with what it is and what our reading was compared with. */
const WFDB_FORMATS: readonly (readonly [format: number, what: string, against: string])[] = [
  [8, '8-bit differences', 'bytes by hand'],
  [16, '16 bits, little-endian', 'BioSig (one signal), bytes by hand'],
  [24, '24 bits, little-endian', 'bytes by hand, written and read back'],
  [32, '32 bits, little-endian', 'bytes by hand, written and read back'],
  [61, '16 bits, big-endian', 'bytes by hand'],
  [80, '8-bit offset binary', 'bytes by hand, written and read back'],
  [160, '16-bit offset binary', 'bytes by hand'],
  [212, 'two 12-bit samples in three bytes', 'checksums and bytes of MIT-BIH records'],
  [310, 'three 10-bit samples in four bytes', 'bytes by hand'],
  [311, 'three 10-bit samples in four bytes, packed', 'bytes by hand'],
  [508, 'FLAC of 8 bits', 'the reference encoder (`flac`)'],
  [516, 'FLAC of 16 bits', 'the reference encoder (`flac`)'],
  [524, 'FLAC of 24 bits', 'the reference encoder (`flac`)'],
];

const CONTAINERS: readonly (readonly [name: string, read: string, written: string, against: string])[] = [
  [
    'WFDB, one segment',
    'yes: skew, byte offsets, several samples a frame, several files, null signals',
    'yes (`strip`, the recorder)',
    'the MIT-BIH, CU, LUDB databases; BioSig',
  ],
  ['WFDB, several segments', 'yes: fixed and variable layout, gaps', 'no', 'headers by hand'],
  [
    'WFDB annotations',
    'yes: time resolution, cut off, empty',
    'yes (`analyze`, `strip`, the recorder)',
    'MIT-BIH files byte for byte',
  ],
  ['EDF, EDF+C', 'yes, with annotation signals', 'EDF+C (`export --format edf`)', 'BioSig'],
  ['EDF+D', 'yes, gaps between data records', 'no', 'bytes by hand'],
  ['BDF', 'yes', 'no', 'BioSig (written by it)'],
  ['CSV, TSV', 'yes: head row or `--rate` and `--unit`', '`export --format csv`', 'written and read back'],
  ['ISHNE Holter', 'yes', 'no', 'bytes by hand'],
  ['FHIR R4 Observation', 'no', '`export --format fhir`', 'the npm package `fhir` 4.12 (structure of R4)'],
  [
    'DICOM General and Ambulatory ECG',
    'no',
    '`export --format dicom`',
    'dicom3tools (`dciodvfy`), dcmtk, pydicom, dcmjs',
  ],
  ['HL7 aECG, SCP-ECG', 'no', 'no', ''],
];

const UNITS = [
  'mV',
  'mv',
  'uV',
  'UV',
  '\u00b5V',
  '\u03bcV',
  'microV',
  'V',
  'v',
  'nV',
  'adu',
  'mmHg',
  '/min',
  'NU',
];

export function recordsPage(): string {
  return [
    '# Records',
    '',
    'Wherever a RECORD is taken (`analyze`, `score`, `export`, `strip`, `sim play`, `wfdb:`) it is a WFDB record by path or by its',
    'name in a record folder, or a file in one of the containers below. It is read in pieces: a day of twelve leads needs no more',
    'memory than a minute. This page is made by `npm run docs` from the program; `npm run bench -- records` reads every record of',
    'the configured databases and says what it refused, `npm run bench -- long-record` writes and analyses a day of twelve leads.',
    '',
    '## Containers',
    '',
    ...table(['container', 'read', 'written', 'checked against'], CONTAINERS),
    '',
    'The DICOM file is written by hand: dcmjs, the one library for Node that writes DICOM and is kept, holds a whole file in memory,',
    'and a day of twelve leads is a gigabyte. Its samples and beats go in as they are, microvolts from 0; DICOM has no place for',
    'what is no voltage and demands a date: 1900-01-01 stands for an unknown one, with a warning. pydicom read the samples of',
    'mitdb 100, ludb 1 and a record with gaps as our CSV has them. Of FHIR, the values of mitdb 100, ludb 1 and eleven records with odd',
    'units, dates and gaps were checked; the validator found no fault, and cannot know the codes of LOINC and IEEE 11073.',
    '',
    'HL7 aECG is not written: no library for Node makes it; BioSig (`save2aecg`) does, from our EDF+.',
    '',
    '## Signal formats of WFDB',
    '',
    ...table(
      ['format', 'what', 'read', 'written', 'checked against'],
      WFDB_FORMATS.map(([format, what, against]) => {
        const isWritten = (WRITABLE_FORMATS as readonly number[]).includes(format);
        return [String(format), what, yesNo(isRead(format)), yesNo(isWritten), against];
      }),
    ),
    '',
    'FLAC is decoded by our own reader (ecg/flac): the decoders npm has that are kept up answer asynchronously, a whole file at a',
    'time, and records are read in pieces. A damaged frame is an error that says where; samples of more than 24 bits are refused.',
    '',
    '## Units',
    '',
    'A voltage is known by its unit, in upper or lower case. Whatever else a signal is measured in, it is kept as it is: not analysed,',
    'not drawn as millivolts, exported with its own unit.',
    '',
    ...table(
      ['unit', 'taken as'],
      UNITS.map((unit) => {
        const millivolts = millivoltsPerUnit(unit);
        return [unit, millivolts === null ? 'no voltage' : `${millivolts} mV`];
      }),
    ),
    '',
    '## What is odd but can be read',
    '',
    '- Checksums are compared modulo 65,536; 0 or none means that nobody computed it. A wrong one is a warning.',
    '- An annotation file that was cut off or has no end mark is read as far as it goes, with a warning.',
    '- A date or time that does not exist (40/13/2020, 25:61:61) is none. Comments keep their encoding and every byte.',
    '- A header may name regular files in its own folder only.',
    '- `analyze` takes the signals that are an ECG by unit and name, classifies the first, and says which; `--signal` names another.',
    '- Signals of several rates are delivered at that of the fastest ECG lead.',
    '',
  ].join('\n');
}

function isRead(format: number): boolean {
  try {
    findFormat(format, 'format');
    return true;
  } catch {
    return false;
  }
}

const yesNo = (is: boolean): string => (is ? 'yes' : 'no');

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)];
}
