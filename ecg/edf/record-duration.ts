/** How long a data record is made: EDF wants a whole number of samples in it, and eight characters for its length. */
import { RhythmdError } from '../errors.ts';

export interface RecordDuration {
  /** Samples of each signal. */
  readonly samples: number;
  readonly durationS: number;
  /** As the header has it. */
  readonly text: string;
}

/** EDF's recommendation. */
const MAX_RECORD_BYTES = 61_440;
const MAX_DURATION_S = 60;
/** A rate is met when a day of it is off by less than a millisecond. */
const CLOSE = 1e-8;

/** @throws RhythmdError E_EDF when no data record holds even one sample of each signal */
export function recordDuration(rateHz: number, signals: number, annotationBytes = 0): RecordDuration {
  const most = Math.floor((MAX_RECORD_BYTES - annotationBytes) / (2 * signals));
  if (most < 1)
    throw new RhythmdError(
      'E_EDF',
      `${signals} signals do not fit into EDF's data records`,
      'Export as WFDB',
    );
  // A second where it can be; else the shortest longer one, else a shorter one.
  for (let durationS = 1; durationS <= MAX_DURATION_S; durationS++) {
    const found = exactly(rateHz, durationS, most);
    if (found !== null) return found;
  }
  let best: RecordDuration | null = null;
  for (let samples = Math.min(most, Math.ceil(rateHz * MAX_DURATION_S)); samples >= 1; samples--) {
    const text = eightDigits(samples / rateHz);
    const durationS = Number(text);
    if (!(durationS > 0)) continue;
    const found = { samples, durationS, text };
    if (best === null || errorOf(found, rateHz) < errorOf(best, rateHz)) best = found;
    // The longest that is right: fewer records to look through.
    if (errorOf(best, rateHz) < CLOSE) break;
  }
  if (best === null)
    throw new RhythmdError('E_EDF', `${rateHz} Hz does not fit EDF's eight characters`, 'Export as WFDB');
  return best;
}

function exactly(rateHz: number, durationS: number, most: number): RecordDuration | null {
  const samples = Math.round(rateHz * durationS);
  const found = { samples, durationS, text: String(durationS) };
  return samples >= 1 && samples <= most && errorOf(found, rateHz) < CLOSE ? found : null;
}

function errorOf({ samples, durationS }: RecordDuration, rateHz: number): number {
  return Math.abs(samples / durationS / rateHz - 1);
}

/** As many digits as eight characters hold, without an exponent. */
function eightDigits(value: number): string {
  const whole = Math.floor(value);
  const text = value.toFixed(Math.max(0, 7 - String(whole).length));
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
