/** Everything a source says, kept. */

import type { SourceHandlers, SourceStatus } from '@rhythmd/daemon/source/source.ts';
import type { Samples, StreamDescription } from '@rhythmd/ecg/types.ts';

export class Heard implements SourceHandlers {
  readonly descriptions: StreamDescription[] = [];
  readonly statuses: SourceStatus[] = [];
  readonly leads: number[][] = [];
  readonly gaps: { first: number; lost: number }[] = [];
  readonly flags = new Set<number>();
  count = 0;
  /** Where the next stretch has to begin; a stretch elsewhere is a fault of the source. */
  next: number | null = null;
  broken = 0;
  ended = false;

  description(description: StreamDescription): void {
    this.descriptions.push(description);
  }

  samples(samples: Samples): void {
    if (samples.first !== (this.next ?? samples.first - samples.lost) + samples.lost) this.broken++;
    this.next = samples.first + samples.count;
    if (samples.lost > 0) this.gaps.push({ first: samples.first, lost: samples.lost });
    this.flags.add(samples.flags);
    this.count += samples.count;
    for (const [k, lead] of samples.leads.entries()) {
      this.leads[k] ??= [];
      const kept = this.leads[k]!;
      for (let i = 0; i < samples.count; i++) kept.push(lead[i]!);
    }
  }

  status(status: SourceStatus): void {
    this.statuses.push(status);
  }

  end(): void {
    this.ended = true;
  }

  /** States in the order they came, repetitions left out. */
  get states(): string[] {
    return this.statuses.map((s) => s.state).filter((state, i, all) => state !== all[i - 1]);
  }
}
