import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeededRandom } from '@rhythmd/ecg/synthetic/seeded-random.ts';
import { kMeans, nearest } from '@rhythmd/trainer/compress/cluster/k-means.ts';

test('nothing in, nothing out; fewer different values than clusters are kept as they are', () => {
  assert.equal(kMeans(new Float32Array(), 4).length, 0);
  assert.deepEqual([...kMeans(Float32Array.of(3, 3, 3), 4)], [3]);
  assert.deepEqual([...kMeans(Float32Array.of(2, -1, 2, 5, -1), 8)], [-1, 2, 5]);
});

test('values in groups: the centroids are the means of the groups', () => {
  const random = new SeededRandom(3);
  const means = [-4, -1, 0.5, 3];
  const values = Float32Array.from({ length: 4000 }, (_, i) => means[i % 4]! + 0.1 * random.gaussian());
  const centroids = kMeans(values, 4);
  for (const [c, mean] of means.entries()) assert.ok(Math.abs(centroids[c]! - mean) < 0.02);
});

test('every centroid is the mean of the values nearest to it: a fixed point of the iteration', () => {
  const random = new SeededRandom(4);
  const values = Float32Array.from({ length: 2000 }, () => random.gaussian());
  const centroids = kMeans(values, 16);
  const sums = new Float64Array(centroids.length);
  const counts = new Float64Array(centroids.length);
  for (const value of values) {
    sums[nearest(centroids, value)]! += value;
    counts[nearest(centroids, value)]! += 1;
  }
  for (const [c, centroid] of centroids.entries()) {
    assert.ok(Math.abs(sums[c]! / counts[c]! - centroid) < 1e-3, `cluster ${c}`);
  }
});

test('the nearest centroid, at and beyond the ends', () => {
  const centroids = Float32Array.of(-1, 0, 10);
  assert.deepEqual(
    [-5, -1, -0.6, -0.4, 4.9, 5.1, 100].map((value) => nearest(centroids, value)),
    [0, 0, 0, 1, 1, 2, 2],
  );
});
