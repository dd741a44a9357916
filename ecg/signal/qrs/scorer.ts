/**
 * The score of a candidate: log-odds that it is a beat. One network judges each lead by itself; leads are then
 * averaged, each with the share its clarity gives it.
 */

import { type NetworkShape, TinyNetwork } from '../tiny-network.ts';
import { BAND_MASK } from './bands.ts';
import { type CandidateContext, FEATURE_COUNT, writeFeatures } from './features.ts';
import type { QrsLead } from './lead.ts';
import type { QrsLeads } from './leads.ts';
import type { QrsTiming } from './timing.ts';
import { LEAD_WEIGHTS } from './weight-table.ts';

export const LEAD_NETWORK: NetworkShape = { inputs: FEATURE_COUNT, hidden: 16, hidden2: 8 };
/** A lead's verdict is bounded before it is averaged with others: none outvotes many. */
const SCORE_LIMIT = 16;
/** Without weights (the start of training): a plain threshold of this share of the level, 200 ms after a beat. */
const RULE_SHARE = 0.4;
const RULE_REFRACTORY_STEPS = 24;
const RULE_SCORE = 8;

export class QrsScorer {
  /** What was seen of the last candidate, per lead. */
  readonly features: Float32Array[];
  readonly #network: TinyNetwork | null;

  constructor(leads: number, weights: Float32Array | null) {
    this.features = Array.from({ length: leads }, () => new Float32Array(FEATURE_COUNT));
    this.#network = weights === null ? null : new TinyNetwork(LEAD_NETWORK, weights);
  }

  /** Scores the candidate in focus. */
  score({ all, ownSteps, shares }: QrsLeads, timing: QrsTiming, context: CandidateContext): number {
    let sum = 0;
    for (let index = 0; index < all.length; index++) {
      const lead = all[index]!;
      const n = ownSteps[index]!;
      const features = this.features[index]!;
      writeFeatures(lead, timing, context, n, features);
      const own = this.#network === null ? ruleScore(lead, timing, n) : this.#network.score(features);
      if (all.length === 1) return own;
      sum += shares[index]! * Math.max(-SCORE_LIMIT, Math.min(SCORE_LIMIT, own));
    }
    return sum;
  }
}

function ruleScore(lead: QrsLead, timing: QrsTiming, n: number): number {
  const isHigh = lead.bands.qrs[n & BAND_MASK]! > RULE_SHARE * lead.level;
  return isHigh && n - timing.last > RULE_REFRACTORY_STEPS ? RULE_SCORE : -RULE_SCORE;
}

let shipped: Float32Array | null = null;

/** The weights the detector ships with; docs/detector.md says how they were learned. */
export function shippedWeights(): Float32Array {
  shipped ??= decodeWeights(LEAD_WEIGHTS);
  return shipped;
}

/** 32-bit floats, little-endian, in base64. */
export function decodeWeights(base64: string): Float32Array {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true));
}
