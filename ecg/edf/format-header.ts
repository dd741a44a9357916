/** The header of an EDF+ file as bytes (its table is in edf-header.ts). */
import { RhythmdError } from '../errors.ts';

export interface EdfSignalToWrite {
  readonly label: string;
  readonly units: string;
  readonly physicalMin: number;
  readonly physicalMax: number;
  readonly transducer: string;
  readonly prefilter: string;
}

export interface EdfToWrite {
  /** null: unknown. */
  readonly startMs: number | null;
  /** Behind date, administration code and technician. */
  readonly equipment: string;
  readonly records: number;
  /** As recordDuration gives it. */
  readonly durationText: string;
  readonly samples: number;
  readonly annotationBytes: number;
  readonly signals: readonly EdfSignalToWrite[];
}

export const DIGITAL_MIN = -32768;
export const DIGITAL_MAX = 32767;
const ANNOTATION_LABEL = 'EDF Annotations';
const MONTHS = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');

/** @throws RhythmdError E_EDF for a range that eight characters do not hold */
export function formatEdfHeader(edf: EdfToWrite): Uint8Array {
  const { date, time, longDate } = startFields(edf.startMs);
  const { signals } = edf;
  const each = (of: (signal: EdfSignalToWrite) => string, ofAnnotations: string) => [
    ...signals.map(of),
    ofAnnotations,
  ];
  const everywhere = (value: number) => each(() => String(value), String(value));
  const fields: readonly (readonly [width: number, values: readonly string[]])[] = [
    [8, ['0']],
    [80, ['X X X X']],
    [80, [`Startdate ${longDate} X X ${edf.equipment.replace(/ /g, '_')}`]],
    [8, [date]],
    [8, [time]],
    [8, [String(256 * (signals.length + 2))]],
    [44, ['EDF+C']],
    [8, [String(edf.records)]],
    [8, [edf.durationText]],
    [4, [String(signals.length + 1)]],
    [16, each(({ label }) => label, ANNOTATION_LABEL)],
    [80, each(({ transducer }) => transducer, '')],
    [8, each(({ units }) => units, '')],
    [8, each(({ physicalMin, units }) => eightCharacters(physicalMin, units), '-1')],
    [8, each(({ physicalMax, units }) => eightCharacters(physicalMax, units), '1')],
    [8, everywhere(DIGITAL_MIN)],
    [8, everywhere(DIGITAL_MAX)],
    [80, each(({ prefilter }) => prefilter, '')],
    [8, each(() => String(edf.samples), String(edf.annotationBytes / 2))],
    [32, each(() => '', '')],
  ];
  const text = fields
    .flatMap(([width, values]) => values.map((value) => ascii(value).slice(0, width).padEnd(width)))
    .join('');
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** The short date's two digits mean 1985 to 2084; for other years EDF+ has the letters yy, and the year in the long date. */
function startFields(startMs: number | null): { date: string; time: string; longDate: string } {
  if (startMs === null) return { date: '01.01.85', time: '00.00.00', longDate: 'X' };
  const start = new Date(startMs);
  const two = (value: number) => String(value).padStart(2, '0');
  const year = start.getUTCFullYear();
  const shortYear = year >= 1985 && year <= 2084 ? two(year % 100) : 'yy';
  const day = two(start.getUTCDate());
  return {
    date: `${day}.${two(start.getUTCMonth() + 1)}.${shortYear}`,
    time: `${two(start.getUTCHours())}.${two(start.getUTCMinutes())}.${two(start.getUTCSeconds())}`,
    longDate: `${day}-${MONTHS[start.getUTCMonth()]}-${String(year).padStart(4, '0')}`,
  };
}

function eightCharacters(value: number, units: string): string {
  const text = inEightCharacters(value);
  if (text !== null) return text;
  throw new RhythmdError(
    'E_EDF',
    `a signal's range of ${value} ${units} does not fit EDF's eight characters`,
  );
}

/** As many digits as eight characters hold; null when they don't hold its whole part. */
export function inEightCharacters(value: number): string | null {
  for (let digits = 7; digits >= 0; digits--) {
    const text = String(Number(value.toFixed(digits)));
    if (text.length <= 8 && !/e/.test(text)) return text;
  }
  return null;
}

function ascii(text: string): string {
  return text.replace(/[\u00b5\u03bc]/g, 'u').replace(/[^\x20-\x7e]/g, '_');
}

const LABEL_WIDTH = 16;

/** Labels of 16 characters, all different: of a name that is too long the middle goes, of equal ones the end is numbered. */
export function edfLabels(names: readonly string[]): string[] {
  const labels: string[] = [];
  for (const name of names) {
    const short = shortened(ascii(name));
    let label = short;
    for (let number = 2; labels.includes(label); number++) {
      const end = ` ${number}`;
      label = `${short.slice(0, LABEL_WIDTH - end.length).trimEnd()}${end}`;
    }
    labels.push(label);
  }
  return labels;
}

function shortened(name: string): string {
  if (name.length <= LABEL_WIDTH) return name;
  // `ECG ` says what the unit says too: it goes first.
  const bare = name.replace(/^ECG /, '');
  if (bare.length <= LABEL_WIDTH) return bare;
  return `${bare.slice(0, 8).trimEnd()}..${bare.slice(-6).trimStart()}`;
}
