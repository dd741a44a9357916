/** What the monitor hears is in the order of the signal, but nothing waits for a network that hangs. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RhythmFeed } from '@rhythmd/daemon/rhythm-feed.ts';
import type { RhythmMonitor } from '@rhythmd/ecg/rhythm/monitor.ts';
import type { Samples } from '@rhythmd/ecg/types.ts';

const PATIENCE = 20;

function rig() {
  const heard: string[] = [];
  const monitor = {
    pushSamples: ({ first, leads }: Samples) => heard.push(`samples ${first}: ${leads[0]![0]}`),
    pushPeak: ({ sample }: { sample: number }) => heard.push(`peak ${sample}`),
    pushBeat: ({ id }: { id: string }) => heard.push(`beat ${id}`),
    pushEstimate: ({ sample }: { sample: number }) => heard.push(`estimate ${sample}`),
  } as unknown as RhythmMonitor;
  const feed = new RhythmFeed(monitor, PATIENCE);
  const reused = new Float32Array(10);
  const samples = (first: number) => {
    reused[0] = first;
    feed.samples({ first, rateHz: 360, leads: [reused], count: 10, flags: 0, lost: 0 });
    return heard.splice(0);
  };
  const beat = (id: string) => feed.beat({ id, sample: 0, label: 'N' });
  const estimate = (sample: number) =>
    feed.estimate({ sample, probabilities: new Float32Array(5), received: 1 });
  return { feed, heard, samples, beat, estimate };
}

test('what follows a beat waits for its verdict, and is heard as it was', () => {
  const { feed, heard, samples, beat } = rig();
  assert.deepEqual(samples(0), ['samples 0: 0']);
  feed.expectBeat();
  assert.deepEqual(samples(10), []);
  feed.peak({ sample: 12, amplitudeMv: 1, knownAt: 15 }, 0);
  assert.deepEqual(samples(20), []);
  beat('a');
  assert.deepEqual(heard, ['beat a', 'samples 10: 10', 'peak 12', 'samples 20: 20']);
});

test('a verdict that takes too long is passed by, and heard when it comes; then the order is kept again', () => {
  const { feed, heard, samples, beat } = rig();
  samples(0);
  feed.expectBeat();
  assert.deepEqual([...samples(10), ...samples(20)], []);
  assert.deepEqual(samples(30), ['samples 10: 10', 'samples 20: 20', 'samples 30: 30']);
  feed.expectBeat();
  assert.deepEqual(samples(40), ['samples 40: 40'], 'behind one that hangs nothing is waited for');
  beat('a');
  beat('b');
  assert.deepEqual(heard.splice(0), ['beat a', 'beat b']);
  feed.expectBeat();
  assert.deepEqual(samples(50), []);
  beat('c');
  assert.deepEqual(heard, ['beat c', 'samples 50: 50']);
});

test('a window that was dropped or failed is not waited for', () => {
  const { feed, heard, samples, estimate } = rig();
  samples(0);
  for (const sample of [10, 20, 30]) feed.expectEstimate(sample);
  samples(10);
  estimate(20);
  feed.estimateFailed();
  assert.deepEqual(heard, ['estimate 20', 'samples 10: 10']);
});

test('what waited for an answer was told when it came, not when the answer did', () => {
  const told: number[] = [];
  const monitor = { pushSamples: () => told.push(feed.toldAt), pushBeat: () => told.push(feed.toldAt) };
  const feed: RhythmFeed = new RhythmFeed(monitor as unknown as RhythmMonitor, Number.POSITIVE_INFINITY);
  const samples = (first: number) => {
    feed.moment = first + 10;
    feed.samples({ first, rateHz: 360, leads: [new Float32Array(10)], count: 10, flags: 0, lost: 0 });
  };
  samples(0);
  feed.expectBeat();
  samples(10);
  samples(20);
  feed.beat({ id: 'a', sample: 5, label: 'N' });
  samples(30);
  assert.deepEqual(told, [10, 10, 20, 30, 40]);
});
