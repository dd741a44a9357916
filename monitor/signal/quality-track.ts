/** The states of one lead along its samples; before the first one known it is taken as good. */
import type { LeadQuality } from '@rhythmd/ecg/types.ts';
import { Bounded } from './bounded.ts';

const MAX_CHANGES = 500;

export interface QualityStretch {
  readonly from: number;
  readonly to: number;
  readonly quality: LeadQuality;
}

export class QualityTrack {
  readonly changes = new Bounded<{ readonly sample: number; readonly quality: LeadQuality }>(MAX_CHANGES);

  /** The stretches of one state that touch [from, to), in order. */
  *between(from: number, to: number): Generator<QualityStretch> {
    const { items } = this.changes;
    for (let i = Math.max(0, this.changes.indexFrom(from + 1) - 1); i < items.length; i++) {
      const { sample, quality } = items[i]!;
      if (sample >= to) return;
      const end = items[i + 1]?.sample ?? Number.POSITIVE_INFINITY;
      if (end > from) yield { from: sample, to: end, quality };
    }
  }
}
