import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settingsFromConfig } from '@rhythmd/daemon/alert/alert-config.ts';
import { checkConfig } from '@rhythmd/daemon/config/load.ts';
import { rhythmSettings } from '@rhythmd/ecg/rhythm/settings.ts';

test('limits outside their range are refused, all at once, with their paths', () => {
  const check = () => checkConfig({ alert: { asystole_seconds: 60, run_beats: 3.5 } }, {}, 'test');
  assert.throws(check, /alert\.asystole_seconds.*alert\.run_beats/s);
});

test('limits that contradict each other are refused', () => {
  const { alert } = checkConfig({ alert: { pause_seconds: 4, asystole_seconds: 3.5 } }, {}, 'test');
  assert.throws(() => settingsFromConfig(alert), { code: 'E_ALERT_LIMIT' });
});

test('the configuration gives the rules their defaults, and what it overrides', () => {
  assert.deepEqual(settingsFromConfig(checkConfig({}, {}, 'test').alert), rhythmSettings());
  const environment = { RHYTHMD_ALERT_R_ON_T_QTC_MS: '420' };
  assert.equal(settingsFromConfig(checkConfig({}, environment, 'test').alert).rOnTQtcMs, 420);
});
