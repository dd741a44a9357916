/** `card.json` of a rhythm network: how its input is made, what its outputs mean, and what was measured of it. */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import {
  RHYTHM_CLASSES,
  RHYTHM_RATE_HZ,
  RHYTHM_WINDOW_SAMPLES,
} from '@rhythmd/ecg/rhythm/rhythm-estimate.ts';
import { RHYTHM_IMAGE_ROWS } from '@rhythmd/ecg/rhythm/rhythm-image.ts';
import * as v from 'valibot';

const SHAPE = [RHYTHM_IMAGE_ROWS, 1, RHYTHM_WINDOW_SAMPLES];

const cardSchema = v.object({
  name: v.pipe(v.string(), v.regex(/^[\w.+-]+$/)),
  version: v.string(),
  /** Of model.onnx, hexadecimal. */
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  labels: v.pipe(
    v.array(v.string()),
    v.check(
      (labels) => labels.join() === RHYTHM_CLASSES.join(),
      `must be ${RHYTHM_CLASSES.join(' ')}, in this order`,
    ),
  ),
  input: v.object({
    /** Without the batch: rows, 1, samples. */
    shape: v.pipe(
      v.array(v.number()),
      v.check((shape) => shape.join() === SHAPE.join(), `must be ${SHAPE.join(', ')}`),
    ),
    rateHz: v.literal(RHYTHM_RATE_HZ),
  }),
  output: v.literal('logits'),
  measured: v.record(v.string(), v.unknown()),
});

export type RhythmCard = v.InferOutput<typeof cardSchema>;

/** @throws E_MODEL_CARD with every field that is missing or wrong */
export function parseRhythmCard(text: string, origin: string): RhythmCard {
  const fix = 'Use a card.json written by the trainer for a rhythm network.';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new RhythmdError('E_MODEL_CARD', `${origin}: card.json is not JSON`, fix, { cause });
  }
  const result = v.safeParse(cardSchema, value);
  if (result.success) return result.output;
  const problems = result.issues.map((issue) => `${v.getDotPath(issue) ?? 'card'}: ${issue.message}`);
  throw new RhythmdError('E_MODEL_CARD', `${origin}: ${problems.join('; ')}`, fix);
}
