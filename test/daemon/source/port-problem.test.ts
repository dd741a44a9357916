import assert from 'node:assert/strict';
import { test } from 'node:test';
import { portProblem } from '@rhythmd/daemon/source/port-problem.ts';

for (const [said, code, fix] of [
  ['Error Resource temporarily unavailable Cannot lock port', 'E_PORT_BUSY', /fuser/],
  ['Error: Permission denied, cannot open /dev/ttyUSB0', 'E_PORT_PERMISSION', /dialout/],
  ['Error: No such file or directory, cannot open /dev/ttyUSB0', 'E_PORT_MISSING', /rhythmd ports/],
  ['Error: Inappropriate ioctl for device', 'E_PORT_OPEN', /doctor/],
] as const) {
  test(`"${said}" is ${code}, with the fix`, () => {
    const problem = portProblem('/dev/ttyUSB0', new Error(said));
    assert.equal(problem.code, code);
    assert.match(problem.fix, fix);
    assert.match(problem.message, /ttyUSB0/);
  });
}
