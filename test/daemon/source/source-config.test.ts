import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceOptions } from '@rhythmd/daemon/source/source-config.ts';

const defaults = { board: 'auto', microvolts_per_count: 0, rate_hz: 0, channels: [], stall_seconds: 3 };

test('nothing configured leaves everything to the board', () => {
  assert.deepEqual(sourceOptions(defaults), {
    board: 'auto',
    microvoltsPerCount: undefined,
    rateHz: undefined,
    channels: undefined,
    watchdog: { stallMs: 3000, reopenMs: 12_000 },
  });
});

test('what is configured is passed on; channels are counted from 1 by people', () => {
  const section = { ...defaults, microvolts_per_count: 4.2, rate_hz: 171, channels: ['2', '1'] };
  const { microvoltsPerCount, rateHz, channels } = sourceOptions(section);
  assert.deepEqual(
    { microvoltsPerCount, rateHz, channels },
    { microvoltsPerCount: 4.2, rateHz: 171, channels: [1, 0] },
  );
});
