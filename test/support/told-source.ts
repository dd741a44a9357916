/** A source that is told what to say. */
import type { Source, SourceHandlers } from '@rhythmd/daemon/source/source.ts';

const RATE = 360;

export class ToldSource implements Source {
  readonly url = 'told:';
  readonly replay = true;
  handlers!: SourceHandlers;
  about = () => 'what the test says';
  async start(handlers: SourceHandlers): Promise<void> {
    this.handlers = handlers;
  }
  async stop(): Promise<void> {}
  statistics() {
    return {
      state: 'streaming',
      status: '',
      measuredRateHz: null,
      driftPpm: null,
      frames: null,
      gaps: 0,
      samplesLost: 0,
      reconnects: 0,
    } as const;
  }

  describe(leadNames: readonly string[]): void {
    const microvoltsPerCount = leadNames.map(() => 5);
    this.handlers.description({ board: 'told', rateHz: RATE, leadNames, microvoltsPerCount, firmware: null });
  }

  play(leads: readonly Float32Array[], from: number, to: number, lost = 0): void {
    for (let first = from; first < to; first += 36) {
      const count = Math.min(36, to - first);
      const cut = leads.map((lead) => lead.subarray(first, first + count));
      const gap = first === from ? lost : 0;
      this.handlers.samples(
        { first, rateHz: RATE, leads: cut, count, flags: 0, lost: gap },
        (1000 * (first + count)) / RATE,
      );
    }
  }
}
