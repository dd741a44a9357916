/** What `npm run bench -- trainer` left behind: a training step beside PyTorch. */
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';

export const SPEED_COMMAND = 'npm run bench -- trainer';
const speedPath = fileURLToPath(new URL('../../test/bench/results/trainer.json', import.meta.url));

export interface SpeedStep {
  readonly network: string;
  readonly batch: number;
  readonly ours_ms: number;
  readonly pytorch_ms: number | null;
  readonly ratio: number | null;
  readonly peak_rss_mb: number;
}

export interface SpeedResult {
  /** Where it was measured; of files that don't say so it is not known. */
  readonly machine?: { readonly cpu: string };
  readonly pytorch: string | null;
  readonly steps: readonly SpeedStep[];
}

/** @throws RhythmdError E_RESULT_BROKEN; null when it was never measured */
export function readSpeed(path = speedPath): SpeedResult | null {
  if (!existsSync(path)) return null;
  try {
    const result = JSON.parse(readFileSync(path, 'utf8')) as SpeedResult;
    if (Array.isArray(result.steps) && result.steps.every(isStep)) return result;
  } catch (cause) {
    throw broken(path, `is no JSON: ${(cause as Error).message}`, cause);
  }
  throw broken(path, 'holds no steps of networks');
}

function isStep({ network, batch, ours_ms, peak_rss_mb, ratio }: SpeedStep): boolean {
  const hasFigures = [batch, ours_ms, peak_rss_mb].every(Number.isFinite);
  return typeof network === 'string' && hasFigures && (ratio === null || Number.isFinite(ratio));
}

function broken(path: string, what: string, cause?: unknown): RhythmdError {
  return new RhythmdError('E_RESULT_BROKEN', `${basename(path)} ${what}`, `Measure again: ${SPEED_COMMAND}`, {
    cause,
  });
}
