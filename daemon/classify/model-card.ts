/** `card.json`: how a model's input is made, what its outputs mean, and what was measured of it. */
import { CHANNEL_LAYOUTS } from '@rhythmd/ecg/beat/beat-builder.ts';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { BEAT_LABELS } from '@rhythmd/ecg/types.ts';
import * as v from 'valibot';

/** Each is an inference at the start. */
const MOST_GOLDEN = 32;

const cardSchema = v.object({
  name: v.pipe(v.string(), v.regex(/^[\w.+-]+$/)),
  version: v.string(),
  /** Of model.onnx, hexadecimal. */
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  /** What the outputs mean, in their order. */
  labels: v.pipe(
    v.array(v.picklist(BEAT_LABELS)),
    v.check((labels) => new Set(labels).size === labels.length, 'must not name a class twice'),
    v.check((labels) => labels.includes('N') && labels.includes('V'), 'must name N and V'),
  ),
  input: v.object({
    /** Without the batch: channels, rows, columns. */
    shape: v.pipe(
      v.array(v.number()),
      v.check((shape) => shape.join() === '3,36,36', 'must be 3, 36, 36'),
    ),
    rateHz: v.literal(360),
    normalisation: v.picklist(['running', 'record']),
    channels: v.picklist(CHANNEL_LAYOUTS),
  }),
  output: v.picklist(['probabilities', 'logits']),
  /** What it answers to made-up inputs (`ecg/synthetic/golden-inputs.ts`); earlier cards have none. */
  golden: v.optional(
    v.pipe(
      v.array(v.object({ seed: v.pipe(v.number(), v.integer()), logits: v.array(v.number()) })),
      v.maxLength(MOST_GOLDEN),
    ),
  ),
  measured: v.record(v.string(), v.unknown()),
});

export type ModelCard = v.InferOutput<typeof cardSchema>;

/** @throws E_MODEL_CARD with every field that is missing or wrong */
export function parseModelCard(text: string, origin: string): ModelCard {
  const fix = 'Use a card.json written by the trainer for this model.';
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

/**
 * How beats and the page name the model: name, version and the beginning of its hash.
 * @param lesson id of what a person taught it of this patient; null: nothing
 */
export function modelIdentity(card: ModelCard, lesson: string | null = null): string {
  const identity = `${card.name}@${card.version}+${card.sha256.slice(0, 6)}`;
  return lesson === null ? identity : `${identity}+taught-${lesson}`;
}
