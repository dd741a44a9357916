/**
 * Whether measures of the waveform (waveform-features.ts) call it flutter or fibrillation: what a device without a rhythm
 * network goes by. All of them must agree.
 */
import type { WaveformFeatures } from './waveform-features.ts';

/**
 * Limits chosen on DS1 (training) records, where beating rhythms stay above 0.55 leakage and flutter below it;
 * Kuo and Dillman used 0.406 for large and 0.625 for small amplitudes.
 */
const LARGEST_LEAKAGE = 0.55;
const SMALLEST_ACTIVITY = 0.55;
const SMALLEST_BAND_SHARE = 0.7;
/** 135/min: slower than any flutter or fibrillation. */
const SLOWEST_HZ = 2.25;
/** Fine fibrillation of less than this cannot be told from asystole with noise. */
const SMALLEST_MEAN_MV = 0.03;

export function looksLikeFlutter(features: WaveformFeatures): boolean {
  return (
    features.leakage <= LARGEST_LEAKAGE &&
    features.activity >= SMALLEST_ACTIVITY &&
    features.bandShare >= SMALLEST_BAND_SHARE &&
    features.dominantHz >= SLOWEST_HZ &&
    features.meanAmplitudeMv >= SMALLEST_MEAN_MV
  );
}
