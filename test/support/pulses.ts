/**
 * A known signal for the page: 1 mV for 200 ms at each second, as a board's test pulse, played in real time.
 * With it everything a person could measure on the paper is known beforehand.
 */
import { PIPELINE_RATE_HZ } from '@rhythmd/ecg/types.ts';
import type { Stage } from './stage.ts';

const PULSE_SAMPLES = 72;
const TICK_MS = 20;

export function pulseAt(sample: number): number {
  return sample % PIPELINE_RATE_HZ < PULSE_SAMPLES ? 1 : 0;
}

function pulses(first: number, count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => pulseAt(first + i));
}

export interface PlayingPulses {
  readonly position: () => number;
  stop(): void;
}

/** Starts with `head` seconds at once, so that a page has something to draw. A beat stands at each rising edge. */
export function playPulses(stage: Stage, headS = 12): PlayingPulses {
  const startedMs = performance.now();
  let position = 0;
  const put = (until: number): void => {
    if (until <= position) return;
    stage.wave(position, [pulses(position, until - position)]);
    for (let beat = Math.ceil(position / PIPELINE_RATE_HZ); beat * PIPELINE_RATE_HZ < until; beat++) {
      stage.beat(beat * PIPELINE_RATE_HZ, beat % 4 === 3 ? 'V' : 'N', beat === 0 ? null : 1000);
    }
    position = until;
  };
  put(headS * PIPELINE_RATE_HZ);
  const timer = setInterval(() => {
    put(Math.floor((headS + (performance.now() - startedMs) / 1000) * PIPELINE_RATE_HZ));
  }, TICK_MS);
  return { position: () => position, stop: () => clearInterval(timer) };
}
