/**
 * When a beat leaves the stages that `run` and `analyze` share, in sample time: no daemon, no clock, no classifier. What
 * a beat waits for beyond the next R peak is the detector's doing, and this tells which beats wait longer than most.
 */
import { SignalStages } from '@rhythmd/daemon/signal-stages.ts';
import { readRecord } from '@rhythmd/records/read-record.ts';

/** 25 ms, as a board sends. */
const BLOCK_SAMPLES = 9;
const RATE_HZ = 360;
/** A beat is complete when the next is known, or this long after its peak: 1.8 s, its natural delay. */
const LONGEST_NATURAL_SAMPLES = 648;
/** Of the wanted 500 ms, what is left to the detector when the rest of the way has its 50. */
export const LATE_MS = 450;
/** Beats of this time wait for the detector's first levels (3.2 s). */
const START_S = 4;

export const CAUSES = ['start', 'search-back', 'nothing followed'] as const;
export type Cause = (typeof CAUSES)[number];

export interface BeatDelays {
  readonly record: string;
  /** Beyond the natural delay, in milliseconds, one a beat. */
  readonly delaysMs: readonly number[];
  readonly late: Readonly<Record<Cause, number>>;
}

export function beatDelaysOf(name: string): BeatDelays {
  const { leads, rateHz } = readRecord(name);
  const delaysMs: number[] = [];
  const late: Record<Cause, number> = { start: 0, 'search-back': 0, 'nothing followed': 0 };
  let at = 0;
  const stages = new SignalStages(
    {
      rateHz,
      leads: leads.length,
      analysedLead: 0,
      channels: 'replicated',
      normalisation: 'running',
    },
    {
      samples: () => {},
      quality: () => {},
      peak: () => {},
      beat: ({ sample, rrAfter }) => {
        const natural = Math.min(rrAfter ?? LONGEST_NATURAL_SAMPLES, LONGEST_NATURAL_SAMPLES);
        const delayMs = ((at - sample - natural) * 1000) / RATE_HZ;
        delaysMs.push(delayMs);
        if (delayMs > LATE_MS) late[causeOf(sample, rrAfter)]++;
      },
    },
  );
  const length = leads[0]?.length ?? 0;
  for (let first = 0; first < length; first += BLOCK_SAMPLES) {
    at = Math.min(first + BLOCK_SAMPLES, length);
    const block = leads.map((lead) => lead.subarray(first, at));
    stages.push({ first, rateHz, leads: block, count: at - first, flags: 0, lost: 0 });
  }
  return { record: name, delaysMs, late };
}

function causeOf(sample: number, rrAfter: number | null): Cause {
  if (sample < START_S * RATE_HZ) return 'start';
  return rrAfter === null ? 'nothing followed' : 'search-back';
}
