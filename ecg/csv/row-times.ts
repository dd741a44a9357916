/**
 * Which sample each row of a CSV file is: by its number or its time where it has one, so that rows left out are a gap. The
 * rate comes from the whole span, because times are rounded; it is taken for the next plain one when that is what rounding
 * explains.
 */

/** Rows that do not follow on the one before start a new run; a file with more runs has no even rate at all. */
const MAX_RUNS = 100_000;
/** Steps looked at to find the usual one. */
const STEPS_KEPT = 1000;
/** A time is that of the next sample when it is off by less than this share of a sample; more is a gap. */
const NEXT = 1.5;
/** How far the measured rate may lie from a plain one to be taken for it. */
const PLAIN_RATE = 1e-3;
/** A longer gap is a damaged time. */
const MAX_GAP_S = 31 * 86_400;

interface Run {
  readonly row: number;
  readonly timeS: number | null;
  readonly number: number | null;
}

export class RowTimes {
  readonly #runs: Run[] = [];
  readonly #steps: number[] = [];
  /** Seconds and rows inside runs. */
  #spanS = 0;
  #spanRows = 0;
  #rows = 0;
  #lastS: number | null = null;
  #lastNumber: number | null = null;
  #usualS: number | null = null;
  #tooManyRuns = false;
  /** First sample of each run; set by layOut. */
  #starts: number[] = [0];

  /** @param timeS of the row in seconds, null or NaN without one; @param number of its sample, likewise */
  push(timeS: number | null, number: number | null): void {
    const time = timeS === null || !Number.isFinite(timeS) ? null : timeS;
    const count = number === null || !Number.isInteger(number) ? null : number;
    const stepS = time !== null && this.#lastS !== null ? time - this.#lastS : null;
    if (stepS !== null && this.#steps.length < STEPS_KEPT) {
      this.#steps.push(stepS);
      this.#usualS = median(this.#steps);
    }
    const isNew =
      this.#rows === 0 ||
      (count !== null && this.#lastNumber !== null
        ? count !== this.#lastNumber + 1
        : stepS !== null && this.#usualS !== null && (stepS < 0 || stepS > NEXT * this.#usualS + 2e-3));
    if (isNew && this.#runs.length < MAX_RUNS)
      this.#runs.push({ row: this.#rows, timeS: time, number: count });
    else if (isNew) this.#tooManyRuns = true;
    else if (stepS !== null) {
      this.#spanS += stepS;
      this.#spanRows++;
    }
    this.#rows++;
    if (time !== null) this.#lastS = time;
    if (count !== null) this.#lastNumber = count;
  }

  get rows(): number {
    return this.#rows;
  }

  /** null: there are no times. */
  get rateHz(): number | null {
    if (this.#spanRows === 0 || !(this.#spanS > 0)) return null;
    const rateHz = this.#spanRows / this.#spanS;
    for (const digits of [1, 10]) {
      const plain = Math.round(rateHz * digits) / digits;
      // Half a second more or less than the whole span is no rounding.
      if (plain > 0 && Math.abs(plain / rateHz - 1) < Math.min(PLAIN_RATE, 2 / this.#spanRows + 1e-5))
        return plain;
    }
    return rateHz;
  }

  /** Once all rows are there. @param byTime gaps are found by times too, not only by numbers */
  layOut(rateHz: number, byTime: boolean, warn: (text: string) => void): void {
    const starts: number[] = [];
    for (const [k, run] of this.#runs.entries()) {
      const before = this.#runs[k - 1];
      const follows = before === undefined ? 0 : starts[k - 1]! + (run.row - before.row);
      const first = this.#runs[0]!;
      let start = follows;
      if (run.number !== null && first.number !== null) start = run.number - first.number;
      else if (byTime && run.timeS !== null && first.timeS !== null) {
        start = Math.round((run.timeS - first.timeS) * rateHz);
      }
      const isPlausible = start >= follows && start - follows <= MAX_GAP_S * rateHz;
      if (!isPlausible) warn(`row ${run.row + 1} goes back in time or far ahead: taken as following on`);
      starts.push(isPlausible ? start : follows);
    }
    if (this.#tooManyRuns) warn('its times jump too often: rows are taken as following on');
    this.#starts = starts.length === 0 ? [0] : starts;
  }

  get sampleCount(): number {
    return this.#rows === 0 ? 0 : this.sampleAt(this.#rows - 1) + 1;
  }

  sampleAt(row: number): number {
    const k = this.#last((run) => run.row <= row);
    return this.#starts[k]! + row - (this.#runs[k]?.row ?? 0);
  }

  /** The first row at or behind a sample. */
  rowAt(sample: number): number {
    const k = this.#last((_, index) => this.#starts[index]! <= sample);
    const row = (this.#runs[k]?.row ?? 0) + Math.max(0, sample - this.#starts[k]!);
    return Math.min(row, this.#runs[k + 1]?.row ?? this.#rows);
  }

  #last(holds: (run: Run, index: number) => boolean): number {
    let low = 0;
    let high = this.#runs.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (holds(this.#runs[middle]!, middle)) low = middle;
      else high = middle - 1;
    }
    return Math.max(0, low);
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}
