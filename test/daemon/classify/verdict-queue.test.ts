import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Classifier, IMAGE_VALUES } from '@rhythmd/daemon/classify/classifier.ts';
import type { ModelCard } from '@rhythmd/daemon/classify/model-card.ts';
import { QUEUE_BEATS, VerdictQueue } from '@rhythmd/daemon/classify/verdict-queue.ts';
import { BEAT_LABELS, type Beat, PAPER_LABELS, type Verdict } from '@rhythmd/ecg/types.ts';

/** Says class `image[0] % 6`; slower for some beats than for others. */
class FakeClassifier implements Classifier {
  readonly card = { labels: PAPER_LABELS } as unknown as ModelCard;
  readonly executor = { name: 'integer', kernel: 'typescript', why: 'it is made up' } as const;
  readonly largestBatch = 4;
  fails = false;
  broken = false;
  calls = 0;

  async classify(images: Float32Array, count: number): Promise<Float32Array> {
    const firsts = Array.from({ length: count }, (_, i) => images[i * IMAGE_VALUES]!);
    if (this.calls++ % 3 === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    if (this.fails) throw new Error('no');
    const rows = new Float32Array(count * 6);
    for (const [i, first] of firsts.entries()) rows[i * 6 + (first % 6)] = this.broken ? Number.NaN : 1;
    return rows;
  }

  async close(): Promise<void> {}
}

function beatOf(number: number): Beat {
  const image = new Float32Array(IMAGE_VALUES).fill(number);
  return { sample: number, amplitudeMv: 1, rrBefore: null, rrAfter: null, image };
}

async function classified(classifier: Classifier | null, count: number) {
  const verdicts: [number, string | null][] = [];
  const failures: unknown[] = [];
  const queue = new VerdictQueue<number>(
    classifier,
    (number, verdict) => verdicts.push([number, verdict.label]),
    (error) => failures.push(error),
  );
  for (let i = 0; i < count; i++) queue.push(beatOf(i), i);
  await queue.drained();
  return { verdicts, failures, queue };
}

test('without a model every beat passes unclassified', async () => {
  const { verdicts, queue } = await classified(null, 1000);
  assert.deepEqual(verdicts.slice(0, 2), [
    [0, null],
    [1, null],
  ]);
  assert.equal(verdicts.length, 1000);
  assert.equal(queue.state, 'none');
  assert.equal(queue.unclassified, 1000);
});

test('a network that fails loses no beat, and says so', async () => {
  const classifier = new FakeClassifier();
  classifier.fails = true;
  const { verdicts, failures, queue } = await classified(classifier, 10);
  assert.deepEqual(
    verdicts,
    Array.from({ length: 10 }, (_, i) => [i, null]),
  );
  assert.ok(failures.length > 0);
  assert.equal(queue.state, 'failed');
  classifier.fails = false;
  queue.push(beatOf(1), 10);
  await queue.drained();
  assert.deepEqual(verdicts.at(-1), [10, 'V']);
  assert.equal(queue.state, 'ready');
});

test('a network that answers NaN has not answered', async () => {
  const classifier = new FakeClassifier();
  classifier.broken = true;
  assert.deepEqual((await classified(classifier, 1)).verdicts, [[0, null]]);
});

test('a full queue passes beats unclassified, in order, and none is lost', async () => {
  const { verdicts, queue } = await classified(new FakeClassifier(), QUEUE_BEATS + 50);
  assert.deepEqual(
    verdicts.map(([number]) => number),
    Array.from({ length: QUEUE_BEATS + 50 }, (_, i) => i),
  );
  assert.equal(queue.unclassified, 50);
  assert.deepEqual(verdicts[7], [7, 'V']);
  assert.deepEqual(verdicts[QUEUE_BEATS], [QUEUE_BEATS, null]);
});

test('probabilities lie in the order of all classes, whatever the order of the card, and are 0 for what it does not name', async () => {
  const verdicts: Verdict[] = [];
  const queue = new VerdictQueue<null>(
    new FakeClassifier(),
    (_, verdict) => verdicts.push(verdict),
    () => {},
  );
  queue.push(beatOf(1), null);
  queue.push(beatOf(5), null);
  await queue.drained();
  assert.deepEqual(
    verdicts.map(({ label }) => label),
    ['V', 'other'],
  );
  assert.deepEqual(
    [...verdicts[0]!.probabilities!],
    BEAT_LABELS.map((label) => (label === 'V' ? 1 : 0)),
  );
});
