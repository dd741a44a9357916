import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RHYTHM_LIMITS, rhythmSettings } from '@rhythmd/ecg/rhythm/settings.ts';

test('a limit outside its range, an unknown one and NaN are refused with the range', () => {
  assert.throws(() => rhythmSettings({ asystoleSeconds: 60 }), {
    code: 'E_ALERT_LIMIT',
    fix: 'Choose 3 to 10 s',
  });
  assert.throws(() => rhythmSettings({ asystoleSeconds: Number.NaN }), { code: 'E_ALERT_LIMIT' });
  assert.throws(() => rhythmSettings({ asystolSeconds: 4 }), { code: 'E_ALERT_LIMIT' });
  assert.throws(() => rhythmSettings({ toString: 4 }), { code: 'E_ALERT_LIMIT' });
});

test('limits that contradict each other are refused', () => {
  assert.throws(() => rhythmSettings({ pauseSeconds: 4, asystoleSeconds: 3.5 }), /pauseSeconds/);
  assert.throws(
    () =>
      rhythmSettings({
        bradycardiaBpm: 80,
        extremeBradycardiaBpm: 60,
        tachycardiaBpm: 90,
        extremeTachycardiaBpm: 120,
        rateIntervals: 1,
      }),
    {
      code: 'E_ALERT_LIMIT',
    },
  );
});

test('every default lies inside its range, and says why', () => {
  for (const [name, limit] of Object.entries(RHYTHM_LIMITS)) {
    assert.ok(limit.min <= limit.default && limit.default <= limit.max, name);
    assert.ok(limit.why.length > 20, name);
  }
  assert.equal(rhythmSettings().asystoleSeconds, 4);
  assert.equal(rhythmSettings({ asystoleSeconds: 5 }).asystoleSeconds, 5);
});
