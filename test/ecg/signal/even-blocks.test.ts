import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EvenBlocks } from '@rhythmd/ecg/signal/even-blocks.ts';
import fc from 'fast-check';

const LENGTH = 9;

/** A stretch of samples that are their own index, cut so. */
function cutInto(blocks: EvenBlocks, first: number, cuts: readonly number[], lost: number): string[] {
  const heard: string[] = [];
  let at = first;
  for (const [i, count] of cuts.entries()) {
    const lead = Float32Array.from({ length: count }, (_, k) => at + k);
    blocks.push(
      { first: at, rateHz: 360, leads: [lead], count, flags: 0, lost: i === 0 ? lost : 0 },
      ({ first: from, count: held, leads, lost: before }) =>
        heard.push(`${from}+${held} lost ${before}: ${leads[0]!.subarray(0, held).join()}`),
    );
    at += count;
  }
  return heard;
}

test('the same blocks however the samples were cut, also across a gap', () => {
  const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(cuts, cuts, fc.integer({ min: 0, max: 500 }), (one, other, gap) => {
      const said = [one, other].map(() => new EvenBlocks({ rateHz: 360, leads: 1, length: LENGTH }));
      const total = 100;
      const padded = [one, other].map((list) => {
        const kept: number[] = [];
        let sum = 0;
        for (const count of list) {
          if (sum + count >= total) break;
          kept.push(count);
          sum += count;
        }
        return [...kept, total - sum];
      });
      const heard = said.map((blocks, i) => {
        const before = cutInto(blocks, 4, padded[i]!, 0);
        const after = cutInto(blocks, 4 + total + gap, padded[1 - i]!, gap);
        blocks.flush(({ first, count }) => after.push(`${first}+${count}`));
        return [...before, ...after];
      });
      assert.deepEqual(heard[0], heard[1]);
      assert.equal(heard[0]![0]!.slice(0, 3), '4+5', 'the first block ends at a multiple');
    }),
  );
});

test('what a block says of itself is of all its samples', () => {
  const blocks = new EvenBlocks({ rateHz: 360, leads: 1, length: LENGTH });
  const seen: number[] = [];
  const push = (first: number, count: number, flags: number) =>
    blocks.push({ first, rateHz: 360, leads: [new Float32Array(count)], count, flags, lost: 0 }, (block) =>
      seen.push(block.flags),
    );
  push(0, 5, 1);
  push(5, 10, 2);
  push(15, 3, 0);
  assert.deepEqual(seen, [3, 2]);
});
