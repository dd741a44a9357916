/**
 * A wall clock of its own for a program, to be set while it runs: libfaketime, which leaves the monotonic clock as it
 * is, as NTP and `date -s` do.
 */
import { mkdtempSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';

const LIBRARIES = '/usr/lib';

export class FakeTime {
  readonly #file = join(mkdtempSync(join(tmpdir(), 'rhythmd-time-')), 'offset');

  constructor(offsetS = 0) {
    this.set(offsetS);
  }

  /** What is added to the machine's time from now on. */
  set(offsetS: number): void {
    // In one step: it is read at every look at the clock.
    writeFileSync(`${this.#file}.new`, `${offsetS < 0 ? '' : '+'}${offsetS}`);
    renameSync(`${this.#file}.new`, this.#file);
  }

  environment(): NodeJS.ProcessEnv {
    return {
      // Beside what the tests themselves run with (an older processor).
      LD_PRELOAD: [process.env.LD_PRELOAD, fakeTimeLibrary()].filter(Boolean).join(':'),
      FAKETIME_TIMESTAMP_FILE: this.#file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    };
  }
}

/** The one for programs with threads. @throws RhythmdError E_FAKETIME_MISSING */
export function fakeTimeLibrary(): string {
  for (const architecture of readdirSync(LIBRARIES)) {
    const folder = join(LIBRARIES, architecture, 'faketime');
    try {
      const name = readdirSync(folder).find((file) => file.startsWith('libfaketimeMT.so'));
      if (name !== undefined) return join(folder, name);
    } catch {
      // Not this one.
    }
  }
  throw new RhythmdError('E_FAKETIME_MISSING', 'there is no libfaketime', 'apt-get install faketime');
}
