/**
 * When a sample was taken, on the clock that nobody sets (wall-clock.ts tells it in wall time). Bytes arrive in bursts and late, never early, so of each second only the promptest
 * arrival counts; offset and drift are a line fitted through the last two minutes of those.
 */

/** One point a second of signal. */
const POINT_S = 1;
/** Two minutes: long enough to see 20 ppm through 5 ms of jitter, short enough to follow a warming crystal. */
const POINTS = 120;
/** An arrival this far from the line is another stream of time (a stall, a seek): the fit starts again. */
const JUMP_MS = 2000;
/** Fewer points say nothing about drift. */
const DRIFT_POINTS = 30;
/** No crystal is this wrong: beyond it the source is a replay that runs at its own speed. */
const PLAUSIBLE_DRIFT_PPM = 50_000;

export class SampleClock {
  readonly #rateHz: number;
  readonly #seconds = new Float64Array(POINTS);
  /** Arrival less nominal time, milliseconds. */
  readonly #offsets = new Float64Array(POINTS);
  #points = 0;
  #currentSecond = Number.NaN;
  #originMs = 0;
  #offsetMs = 0;
  #slope = 0;

  constructor(rateHz: number) {
    this.#rateHz = rateHz;
  }

  /** @param sample index after the last that arrived; @param arrivalMs monotonic time of the arrival */
  observe(sample: number, arrivalMs: number): void {
    const seconds = sample / this.#rateHz;
    if (this.#points === 0 || Math.abs(arrivalMs - this.#timeAt(seconds)) > JUMP_MS) {
      this.#restart(seconds, arrivalMs);
    }
    const offset = arrivalMs - this.#originMs - 1000 * seconds;
    const second = Math.floor(seconds / POINT_S);
    if (second !== this.#currentSecond) {
      this.#currentSecond = second;
      this.#points++;
    } else if (offset >= this.#offsets[(this.#points - 1) % POINTS]!) {
      return;
    }
    this.#seconds[(this.#points - 1) % POINTS] = seconds;
    this.#offsets[(this.#points - 1) % POINTS] = offset;
    this.#fit();
  }

  /** @returns monotonic time in milliseconds; null before the first arrival */
  timeOf(sample: number): number | null {
    return this.#points > 0 ? this.#timeAt(sample / this.#rateHz) : null;
  }

  /** @returns the sample at a monotonic time; null before the first arrival */
  sampleAt(timeMs: number): number | null {
    if (this.#points === 0) return null;
    const seconds = (timeMs - this.#originMs - this.#offsetMs) / (1000 * (1 + this.#slope));
    return Math.round(seconds * this.#rateHz);
  }

  /** How much faster than nominal the source's clock runs; null while unknown, or when it is no real-time clock. */
  get driftPpm(): number | null {
    if (this.#points < DRIFT_POINTS) return null;
    const ppm = (1 / (1 + this.#slope) - 1) * 1e6;
    return Math.abs(ppm) > PLAUSIBLE_DRIFT_PPM ? null : ppm;
  }

  /** Samples per second of real time; null while unknown. */
  get measuredRateHz(): number | null {
    return this.#points < DRIFT_POINTS ? null : this.#rateHz / (1 + this.#slope);
  }

  #timeAt(seconds: number): number {
    return this.#originMs + this.#offsetMs + 1000 * seconds * (1 + this.#slope);
  }

  #restart(seconds: number, arrivalMs: number): void {
    this.#originMs = arrivalMs - 1000 * seconds;
    this.#points = 0;
    this.#currentSecond = Number.NaN;
    this.#offsetMs = 0;
    this.#slope = 0;
  }

  /** Least squares over the points kept. A young line that could be real time is taken for real time. */
  #fit(): void {
    const count = Math.min(this.#points, POINTS);
    let meanSeconds = 0;
    let meanOffset = 0;
    for (let i = 0; i < count; i++) {
      meanSeconds += this.#seconds[i]! / count;
      meanOffset += this.#offsets[i]! / count;
    }
    let products = 0;
    let squares = 0;
    for (let i = 0; i < count; i++) {
      const distance = this.#seconds[i]! - meanSeconds;
      products += distance * (this.#offsets[i]! - meanOffset);
      squares += distance * distance;
    }
    const slope = squares === 0 ? 0 : products / squares / 1000;
    const isYoung = count < DRIFT_POINTS && Math.abs(slope) < PLAUSIBLE_DRIFT_PPM / 1e6;
    this.#slope = isYoung ? 0 : slope;
    this.#offsetMs = meanOffset - 1000 * this.#slope * meanSeconds;
  }
}
