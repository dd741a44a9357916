/** What lies between beats, and all there is of a standstill: microvolts, a baseline, perhaps P waves. */
import { RHYTHM_RATE_HZ } from '@rhythmd/ecg/rhythm/rhythm-estimate.ts';
import type { SeededRandom } from '@rhythmd/ecg/synthetic/seeded-random.ts';
import { addBand, addWander, addWhite, between, betweenLog, drawnFrom, happens } from './draws.ts';

/** Millivolts; sometimes exactly constant, sometimes in the steps of a coarse converter. */
export function quietLine(length: number, random: SeededRandom): Float32Array {
  const line = new Float32Array(length);
  if (!happens(0.06, random)) {
    addWhite(line, betweenLog(0.0004, 0.012, random), random);
    if (happens(0.8, random)) addWander(line, betweenLog(0.002, 0.25, random), random);
    if (happens(0.3, random)) addBreathing(line, random);
    if (happens(0.2, random)) addBand(line, 10, 25, betweenLog(0.0005, 0.01, random), random);
  }
  if (happens(0.3, random)) {
    const step = betweenLog(0.0005, 0.012, random);
    for (let i = 0; i < length; i++) line[i] = Math.round(line[i]! / step) * step;
  }
  return line;
}

function addBreathing(line: Float32Array, random: SeededRandom): void {
  const amplitude = betweenLog(0.005, 0.4, random);
  const turn = (2 * Math.PI * between(0.1, 0.5, random)) / RHYTHM_RATE_HZ;
  const phase = 2 * Math.PI * random.uniform();
  for (let i = 0; i < line.length; i++) line[i]! += amplitude * Math.sin(turn * i + phase);
}

/** 38 to 120 a minute, 20 to 200 microvolts, sometimes biphasic. */
export function addPWaves(line: Float32Array, random: SeededRandom): void {
  const interval = RHYTHM_RATE_HZ * between(0.5, 1.6, random);
  const width = RHYTHM_RATE_HZ * between(0.018, 0.04, random);
  const amplitude = betweenLog(0.02, 0.2, random) * drawnFrom([-1, 1], random);
  const isBiphasic = happens(0.25, random);
  let at = -interval * random.uniform();
  while (at < line.length + 4 * width) {
    const end = Math.min(line.length, Math.ceil(at + 4 * width));
    for (let i = Math.max(0, Math.floor(at - 4 * width)); i < end; i++) {
      const x = (i - at) / width;
      line[i]! += amplitude * Math.exp((-x * x) / 2) * (isBiphasic ? -1.6 * x : 1);
    }
    at += interval * (1 + 0.04 * random.gaussian());
  }
}
