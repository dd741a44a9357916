import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EstimateQueue, QUEUE_WINDOWS } from '@rhythmd/daemon/classify/estimate-queue.ts';
import type { RhythmNetwork } from '@rhythmd/daemon/classify/rhythm-network.ts';
import { RHYTHM_WINDOW_SAMPLES, type RhythmEstimate } from '@rhythmd/ecg/rhythm/rhythm-estimate.ts';

/** Answers with the largest value it saw, when told to. */
class HeldNetwork implements RhythmNetwork {
  readonly card = {} as RhythmNetwork['card'];
  readonly executor = { name: 'integer', kernel: 'typescript', why: 'it is made up' } as const;
  readonly #held: (() => void)[] = [];
  fails = false;

  readonly largestBatch = 4;

  async estimate(images: Float32Array, count: number): Promise<Float32Array[]> {
    await new Promise<void>((resolve) => this.#held.push(resolve));
    if (this.fails) throw new Error('broken');
    const size = images.length / this.largestBatch;
    return Array.from({ length: count }, (_, i) =>
      Float32Array.of(Math.max(...images.subarray(i * size, (i + 1) * size)), 0, 0, 0, 0),
    );
  }

  async close(): Promise<void> {}

  async answerAll(drained: Promise<void>): Promise<void> {
    let done = false;
    void drained.then(() => {
      done = true;
    });
    while (!done) {
      this.#held.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

const never = (): never => assert.fail('nothing of this kind is expected');
const window = new Float32Array(RHYTHM_WINDOW_SAMPLES);

test('without a network there is no estimate, and that is said', async () => {
  const queue = new EstimateQueue(null, never, never);
  queue.push(180, window, 1);
  await queue.drained();
  assert.equal(queue.state, 'none');
  assert.equal(queue.waiting, 0);
});

test('a network that fails is told, and asked again', async () => {
  const failures: unknown[] = [];
  const seen: RhythmEstimate[] = [];
  const network = new HeldNetwork();
  const queue = new EstimateQueue(
    network,
    (estimate) => seen.push(estimate),
    (error) => failures.push(error),
  );
  network.fails = true;
  queue.push(180, window, 1);
  await network.answerAll(queue.drained());
  assert.equal(queue.state, 'failed');
  assert.equal(failures.length, 1);
  network.fails = false;
  queue.push(360, window, 0.75);
  await network.answerAll(queue.drained());
  assert.equal(queue.state, 'ready');
  assert.deepEqual(
    seen.map(({ sample, received }) => [sample, received]),
    [[360, 0.75]],
  );
});

test('of too many windows the oldest go; the others come in order, each with its own waveform', async () => {
  const seen: RhythmEstimate[] = [];
  const network = new HeldNetwork();
  const queue = new EstimateQueue(network, (estimate) => seen.push(estimate), never);
  const waveform = (i: number): Float32Array => {
    const values = new Float32Array(RHYTHM_WINDOW_SAMPLES);
    values[360] = 0.001 * (i + 1);
    return values;
  };
  queue.push(0, waveform(0), 1);
  await new Promise((resolve) => setImmediate(resolve));
  for (let i = 1; i < QUEUE_WINDOWS + 4; i++) queue.push(i, waveform(i), 1);
  assert.equal(queue.waiting, QUEUE_WINDOWS);
  assert.equal(queue.dropped, 3);
  await network.answerAll(queue.drained());
  const expected = [0, ...Array.from({ length: QUEUE_WINDOWS }, (_, i) => i + 4)];
  assert.deepEqual(
    seen.map(({ sample }) => sample),
    expected,
  );
  const peaks = seen.map(({ probabilities }) => probabilities[0]!);
  assert.deepEqual(
    peaks,
    peaks.toSorted((a, b) => a - b),
  );
});
