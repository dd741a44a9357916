/** The hourly table. Hours are those of the clock where the time of day is known, else of the report. */
import type { RrInterval } from './heart-rates.ts';
import type { Stretch } from './recording.ts';
import type { Hour, HourEctopy } from './report.ts';

const HOUR_S = 3600;

interface Row {
  recordedS: number;
  readableS: number;
  beats: number;
  intervals: number;
  intervalS: number;
  slowestBpm: number | null;
  fastestBpm: number | null;
  pauses: number;
  fibrillationS: number;
  readonly ventricular: { -readonly [Key in keyof HourEctopy]: number };
  readonly supraventricular: { -readonly [Key in keyof HourEctopy]: number };
}

/** Whether it can be known at all, of the report as a whole. */
export interface Known {
  readonly ventricular: boolean;
  readonly supraventricular: boolean;
  readonly rhythms: boolean;
}

export class Hours {
  /** Seconds from a full hour to the report's beginning. */
  readonly #phaseS: number;
  readonly #rows: Row[] = [];

  constructor(phaseS: number) {
    this.#phaseS = phaseS;
  }

  /** What was recorded, and what of it can be read; in seconds of the report. */
  recorded(fromS: number, toS: number, rateHz: number, unreadable: readonly Stretch[]): void {
    this.#spread(fromS, toS, (row, seconds) => {
      row.recordedS += seconds;
      row.readableS += seconds;
    });
    for (const { from, to } of unreadable) {
      this.#spread(fromS + from / rateHz, fromS + to / rateHz, (row, seconds) => {
        row.readableS = Math.max(0, row.readableS - seconds);
      });
    }
  }

  fibrillation(fromS: number, toS: number): void {
    this.#spread(fromS, toS, (row, seconds) => {
      row.fibrillationS += seconds;
    });
  }

  beat(atS: number, kind: 'ventricular' | 'supraventricular' | null): void {
    const row = this.#rowAt(atS);
    row.beats++;
    if (kind !== null) row[kind].beats++;
  }

  run(atS: number, kind: 'ventricular' | 'supraventricular', isCouplet: boolean): void {
    this.#rowAt(atS)[kind][isCouplet ? 'couplets' : 'runs']++;
  }

  interval({ endS, seconds, bpm }: RrInterval): void {
    const row = this.#rowAt(endS);
    row.intervals++;
    row.intervalS += seconds;
    if (bpm === null) return;
    row.slowestBpm = Math.min(row.slowestBpm ?? bpm, bpm);
    row.fastestBpm = Math.max(row.fastestBpm ?? bpm, bpm);
  }

  pause(atS: number): void {
    this.#rowAt(atS).pauses++;
  }

  build(durationS: number, known: Known): Hour[] {
    return this.#rows.map((row, i) => {
      const hasBeats = row.beats > 0;
      return {
        from_s: Math.max(0, i * HOUR_S - this.#phaseS),
        to_s: Math.min(durationS, (i + 1) * HOUR_S - this.#phaseS),
        recorded_s: row.recordedS,
        readable_s: row.readableS,
        beats: row.beats,
        mean_bpm: row.intervals === 0 ? null : (60 * row.intervals) / row.intervalS,
        slowest_bpm: row.slowestBpm,
        fastest_bpm: row.fastestBpm,
        ventricular: hasBeats && known.ventricular ? row.ventricular : null,
        supraventricular: hasBeats && known.supraventricular ? row.supraventricular : null,
        pauses: row.intervals === 0 ? null : row.pauses,
        atrial_fibrillation_s: known.rhythms && row.readableS > 0 ? row.fibrillationS : null,
      };
    });
  }

  #spread(fromS: number, toS: number, take: (row: Row, seconds: number) => void): void {
    for (let at = fromS; at < toS; ) {
      const end = (this.#indexOf(at) + 1) * HOUR_S - this.#phaseS;
      const to = Math.min(toS, Math.max(end, at + 1e-6));
      take(this.#rowAt(at), to - at);
      at = to;
    }
  }

  #indexOf(atS: number): number {
    return Math.max(0, Math.floor((atS + this.#phaseS) / HOUR_S));
  }

  #rowAt(atS: number): Row {
    const index = this.#indexOf(atS);
    while (this.#rows.length <= index) this.#rows.push(emptyRow());
    return this.#rows[index]!;
  }
}

function emptyRow(): Row {
  return {
    recordedS: 0,
    readableS: 0,
    beats: 0,
    intervals: 0,
    intervalS: 0,
    slowestBpm: null,
    fastestBpm: null,
    pauses: 0,
    fibrillationS: 0,
    ventricular: { beats: 0, couplets: 0, runs: 0 },
    supraventricular: { beats: 0, couplets: 0, runs: 0 },
  };
}
