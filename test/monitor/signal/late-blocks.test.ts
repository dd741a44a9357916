/** Leads come in blocks of their own, late and unevenly: what the pen drew must never lack what came later. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LiveSignal } from '@rhythmd/monitor/signal/live-signal.ts';
import { Playhead } from '@rhythmd/monitor/signal/playhead.ts';
import fc from 'fast-check';

const RATE_HZ = 360;
const BLOCK = 36;
const BLOCKS = 60;
const FRAME_MS = 1000 / 60;

/** When each lead's blocks arrive: in order, up to two seconds late. */
const lateness = fc.array(fc.integer({ min: 0, max: 2000 }), { minLength: BLOCKS, maxLength: BLOCKS });

test('no delay of blocks up to two seconds leaves a gap on the paper', () => {
  fc.assert(
    fc.property(fc.array(lateness, { minLength: 1, maxLength: 3 }), (leads) => {
      const arrivals = leads.flatMap((delays, lead) => {
        let beforeMs = 0;
        return delays.map((delayMs, block) => {
          beforeMs = Math.max(beforeMs, ((block + 1) * 1000 * BLOCK) / RATE_HZ + delayMs);
          return { ms: beforeMs, lead, first: block * BLOCK };
        });
      });
      arrivals.sort((a, b) => a.ms - b.ms || a.lead - b.lead);
      const signal = new LiveSignal();
      const playhead = new Playhead();
      signal.setLeadNames(leads.map((_, lead) => `${lead}`));
      // What the pen put on the paper, as it was when it did.
      const paper = leads.map(() => new Float32Array(BLOCKS * BLOCK).fill(Number.NaN));
      let drawnTo = 0;
      let revision = signal.revision;
      let head = 0;
      for (let ms = 0, next = 0; ms < 12_000; ms += FRAME_MS) {
        for (; next < arrivals.length && arrivals[next]!.ms <= ms; next++) {
          const { lead, first } = arrivals[next]!;
          signal.wave({ lead, first, samples: new Float32Array(BLOCK).fill(1) } as never);
        }
        if (signal.leads.every(({ raw }) => raw.end === 0)) continue;
        head = Math.floor(playhead.advance(ms, signal.drawableEnd, RATE_HZ));
        const from = signal.revision === revision && head >= drawnTo ? drawnTo : 0;
        for (let lead = 0; lead < leads.length; lead++) {
          for (let i = from; i < head; i++) paper[lead]![i] = signal.leads[lead]!.raw.at(i);
        }
        drawnTo = head;
        revision = signal.revision;
      }
      assert.ok(head > (BLOCKS - 5) * BLOCK, `the pen stands at ${head}`);
      for (const [lead, values] of paper.entries()) {
        const gap = values.subarray(0, head).findIndex((value) => Number.isNaN(value));
        assert.equal(gap, -1, `lead ${lead} at ${gap} of ${head}`);
      }
      assert.equal(signal.holes.items.length, 0);
    }),
    { numRuns: 200 },
  );
});

test('a lead that stopped is not waited for longer than two seconds', () => {
  const signal = new LiveSignal();
  signal.setLeadNames(['I', 'II']);
  const wave = (lead: number, first: number) =>
    signal.wave({ lead, first, samples: new Float32Array(BLOCK) } as never);
  wave(0, 0);
  wave(1, 0);
  for (let first = BLOCK; first < 10 * RATE_HZ; first += BLOCK) wave(0, first);
  assert.equal(signal.drawableEnd, signal.end);
  const { revision } = signal;
  wave(1, BLOCK);
  assert.ok(signal.revision > revision, 'drawn again where it was missing');
});

test('blocks that come out of their order, up to two seconds late, are no gap once they are here', () => {
  fc.assert(
    fc.property(fc.array(lateness, { minLength: 1, maxLength: 3 }), (leads) => {
      const arrivals = leads.flatMap((delays, lead) =>
        delays.map((delayMs, block) => ({ ms: 100 * (block + 1) + delayMs, lead, first: block * BLOCK })),
      );
      arrivals.sort((a, b) => a.ms - b.ms || a.first - b.first);
      const signal = new LiveSignal();
      signal.setLeadNames(leads.map((_, lead) => `${lead}`));
      for (const { lead, first } of arrivals) {
        const { revision, drawableEnd } = signal;
        signal.wave({ lead, first, samples: new Float32Array(BLOCK).fill(1) } as never);
        if (first < drawableEnd) assert.ok(signal.revision > revision, 'drawn again where the pen has been');
      }
      for (const { raw } of signal.leads) {
        for (let i = 0; i < BLOCKS * BLOCK; i++) assert.equal(raw.at(i), 1);
      }
      assert.deepEqual(signal.holes.items, []);
    }),
    { numRuns: 100 },
  );
});
