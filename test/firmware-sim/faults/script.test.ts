import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseFaultScript, readFaultScript } from '@rhythmd/firmware-sim/faults/script.ts';

for (const [what, text, why] of [
  ['no TOML', 'fault = [', /^x\.toml: /],
  ['no JSON', '{"fault": [', /^x\.toml: /],
  ['no list', 'kind = "drop"', /no list "fault"/],
  ['an unknown kind', '[[fault]]\nkind = "gremlins"', /fault 1: kind "gremlins" is none of drop, flip/],
  ['an unknown key', '[[fault]]\nkind = "stall"\nat = 1\nhow = 2', /fault 1 \(stall\): there is no "how"/],
  ['another kind’s key', '[[fault]]\nkind = "stall"\nshare = 0.5', /there is no "share"/],
  ['a share of two', '[[fault]]\nkind = "drop"\nshare = 2', /fault 1 \(drop\) share: 0 to 1 is allowed/],
  ['a negative time', '[[fault]]\nkind = "stall"\nat = -1', /at: a number of seconds/],
  ['turns that overlap', '[[fault]]\nkind = "stall"\nfor = 9\nevery = 9', /every has to be longer than for/],
  [
    'an unknown electrode',
    '[[fault]]\nkind = "lead-off"\nelectrode = "V9"',
    /none of plus, minus, reference/,
  ],
] as const) {
  test(`refuses ${what}`, () => {
    assert.throws(() => parseFaultScript(text, 'x.toml'), { code: 'E_FAULTS', message: why });
  });
}

test('a missing file is named', () => {
  assert.throws(() => readFaultScript('/no/such.toml'), { code: 'E_FAULTS', message: /\/no\/such\.toml/ });
});

test('TOML and JSON say the same', () => {
  const toml = '[[fault]]\nkind = "drop"\nat = 60\nfor = 10\nevery = 300\nshare = 0.002\n';
  const json = '{"fault": [{"kind": "drop", "at": 60, "for": 10, "every": 300, "share": 0.002}]}';
  const expected = [{ kind: 'drop', atS: 60, forS: 10, everyS: 300, parameters: { share: 0.002, bytes: 1 } }];
  assert.deepEqual(parseFaultScript(toml, 'x'), expected);
  assert.deepEqual(parseFaultScript(json, 'x'), expected);
});

test('a fault without times is on from the beginning to the end', () => {
  const [fault] = parseFaultScript('[[fault]]\nkind = "hum"\n', 'x');
  assert.equal(fault?.atS, 0);
  assert.equal(fault?.forS, Number.POSITIVE_INFINITY);
});
