/**
 * One choice for each layer, so that all of them together fit a size and lose least: every choice has a price, bytes
 * times a factor, and the smallest factor is sought at which the cheapest choices fit (Shoham and Gersho 1988).
 */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';

const BISECTIONS = 60;

/** What a choice costs and what it saves; `bytes` may be any measure of size. */
export interface Choice {
  /** What the choice costs, in nats: how far answers move, or by how much the mean cross-entropy rises. */
  readonly lossMore: number;
  readonly bytes: number;
}

export interface LayerChoice {
  /** Of its weights that become zero. */
  readonly sparsity: number;
  /** Of its weights: 2^bits - 1 levels, or places for the shared ones. */
  readonly bits: number;
  /** Levels besides zero that they share; null: all that their bits have. */
  readonly clusters: number | null;
}

/** `bytes`: zero-order entropy of its levels, what a good archiver needs. */
export interface MeasuredChoice extends LayerChoice, Choice {}

export interface Choices<C extends Choice> {
  readonly name: string;
  readonly choices: readonly C[];
}

/**
 * @param bytes that all weights together may take
 * @returns choices by name
 * @throws RhythmdError E_TARGET_SIZE when no choice is small enough
 */
export function allocateBits<C extends Choice>(layers: readonly Choices<C>[], bytes: number): Map<string, C> {
  const least = bytesOf(layers.map(({ choices }) => cheapest(choices, 1e12)));
  if (least > bytes) {
    throw new RhythmdError(
      'E_TARGET_SIZE',
      `the weights take at least ${Math.ceil(least)} bytes, ${Math.floor(bytes)} are wanted`,
      'Ask for more',
    );
  }
  let low = -30;
  let high = 30;
  for (let i = 0; i < BISECTIONS; i++) {
    const middle = (low + high) / 2;
    const fits = bytesOf(layers.map(({ choices }) => cheapest(choices, Math.exp(middle)))) <= bytes;
    if (fits) high = middle;
    else low = middle;
  }
  return new Map(layers.map(({ name, choices }) => [name, cheapest(choices, Math.exp(high))]));
}

/** A loss that falls by coarsening is chance: it counts as none. */
function cheapest<C extends Choice>(choices: readonly C[], factor: number): C {
  const price = ({ lossMore, bytes }: C): number => Math.max(0, lossMore) + factor * bytes;
  return choices.reduce((best, choice) => (price(choice) < price(best) ? choice : best));
}

function bytesOf(choices: readonly Choice[]): number {
  return choices.reduce((sum, { bytes }) => sum + bytes, 0);
}
