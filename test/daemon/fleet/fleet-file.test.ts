import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expandRange } from '@rhythmd/daemon/fleet/expand-range.ts';
import { checkFleet } from '@rhythmd/daemon/fleet/fleet-file.ts';
import type { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { parse } from 'smol-toml';

const GOOD = `
brokers = ["mqtts://one.example.org:8883", "mqtts://two.example.org:8883"]
[[device]]
id = "bed-[08-11]"
label = "Room [08-11]"
ward = "ward-3"
[[device]]
id = "spare"
[[user]]
name = "anna"
role = "nurse"
ward = "ward-3"
`;

test('a ward is a line of its file', () => {
  const fleet = checkFleet(parse(GOOD), 'f');
  assert.deepEqual(
    fleet.devices.map(({ id }) => id),
    ['bed-08', 'bed-09', 'bed-10', 'bed-11', 'spare'],
  );
  assert.equal(fleet.devices[2]?.label, 'Room 10');
  assert.equal(fleet.devices[4]?.ward, null);
  assert.deepEqual(fleet.users, [{ name: 'anna', role: 'nurse', ward: 'ward-3' }]);
});

test('ranges: one that falls or is endless is none', () => {
  assert.deepEqual(expandRange('a[9-11]b', 10), ['a9b', 'a10b', 'a11b']);
  assert.deepEqual(expandRange('alone', 10), ['alone']);
  assert.equal(expandRange('[3-1]', 10), null);
  assert.equal(expandRange('[0-99999]', 10_000), null);
});

/** What is wrong, and how often a line says so. */
const BAD: readonly (readonly [toml: string, says: RegExp])[] = [
  ['', /brokers/],
  ['brokers = "mqtts://a"\n[[device]]\nid = "a"', /brokers: .*list/],
  ['brokers = []\n[[device]]\nid = "a"', /at least one address/],
  ['brokers = ["http://a"]\n[[device]]\nid = "a"', /1 to 8 addresses/],
  ['brokers = ["mqtts://u:p@a"]\n[[device]]\nid = "a"', /without user/],
  ['brokers = ["mqtts://a"]', /device/],
  ['brokers = ["mqtts://a"]\ndevice = 3', /device/],
  ['brokers = ["mqtts://a"]\n[[device]]\nid = "a"\nlabel = "\\u0007"', /control characters/],
  ['brokers = ["mqtts://a"]\n[[device]]\nid = "a"\n[[device]]\nid = "a"', /"a": is there twice/],
  ['brokers = ["mqtts://a"]\n[[device]]\nid = "[9-1]"', /range must rise/],
  ['brokers = ["mqtts://a"]\n[[device]]\nid = "a[1-2]"\nlabel = "one"', /range of its id/],
  ['brokers = ["mqtts://a"]\n[[device]]\nid = "a[1-10000]"\n[[device]]\nid = "b"', /more than 10000/],
  ['brokers = ["mqtts://a"]\n[[device]]\nid = "a"\nward = "a"', /ward's name/],
  ['brokers = ["mqtts://a"]\n[[device]]\nid = "a"\n[[user]]\nname = "u"\nrole = "king"', /one of viewer/],
  ['brokers = ["mqtts://a"]\n[[device]]\nid = "a"\n[[user]]\nname = "r"\nrole = "room"', /needs its ward/],
  ['brokers = ["mqtts://a"]\npassword = "x"\n[[device]]\nid = "a"', /no such key/],
  ...['a.b', 'a/b', '+', '#', '$SYS', 'a b', 'ä', '../x', '', 'x\\nuser root', 'a'.repeat(65)].map(
    (id) => [`brokers = ["mqtts://a"]\n[[device]]\nid = "${id}"`, /letters, digits/] as const,
  ),
];

for (const [toml, says] of BAD) {
  test(`refused in one line: ${JSON.stringify(toml.slice(-60))}`, () => {
    assert.throws(
      () => checkFleet(parse(toml), 'fleet.toml'),
      (error: RhythmdError) => {
        assert.equal(error.code, 'E_FLEET');
        assert.match(error.message, says);
        for (const line of error.message.split('\n')) assert.match(line, /^fleet\.toml: \P{C}+$/u);
        return true;
      },
    );
  });
}

test('a file of ten thousand mistakes is told in twenty lines', () => {
  const devices = Array.from({ length: 1000 }, () => ({ id: 'a.b' }));
  assert.throws(
    () => checkFleet({ brokers: ['mqtts://a'], device: devices }, 'f'),
    (error: RhythmdError) => error.message.split('\n').length === 21,
  );
});
