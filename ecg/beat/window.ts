/**
 * The stretch of signal around one R peak that the classifier sees (paper.md): 1.8 s on either side, 1,296
 * samples at 360 Hz, cut where the neighbouring beats begin.
 */
import { PIPELINE_RATE_HZ } from '../types.ts';

export const IMAGE_SIDE = 36;
/** Samples of one plane of the image: 36 x 36. */
export const WINDOW_SAMPLES = IMAGE_SIDE * IMAGE_SIDE;
/** 1.8 s. The window is [peak - 648, peak + 648). */
export const WINDOW_RADIUS_SAMPLES = 1.8 * PIPELINE_RATE_HZ;

/**
 * How many samples of one side of the window belong to the beat: those no further from its peak than half the
 * distance to the neighbour.
 * @param distance to the neighbouring peak in samples; null when there is none within reach
 */
export function beatReach(distance: number | null): number {
  return distance === null
    ? WINDOW_RADIUS_SAMPLES
    : Math.min(WINDOW_RADIUS_SAMPLES, Math.floor(distance / 2));
}
