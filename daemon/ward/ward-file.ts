/** The list of a ward's beds: a small TOML or JSON file (protocol/ward.ts says what it holds). */
import { readFileSync } from 'node:fs';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { readWard, type Ward } from '@rhythmd/protocol/ward.ts';
import { readToml } from '@rhythmd/records/toml-file.ts';

/** Thirty-two beds with long names fit twenty times. */
const MAX_BYTES = 256 * 1024;

/** @throws E_WARD_FILE, E_CONFIG_FILE, E_CONFIG_SYNTAX */
export function readWardFile(file: string): Ward {
  const read = readWard(file.endsWith('.json') ? readJson(file) : readToml(file));
  if ('ward' in read) return read.ward;
  throw refused(file, read.problems.join('\n  '));
}

function readJson(file: string): unknown {
  try {
    const text = readFileSync(file, 'utf8');
    if (text.length > MAX_BYTES) throw new Error(`it is longer than ${MAX_BYTES} bytes`);
    return JSON.parse(text);
  } catch (error) {
    throw refused(file, (error as Error).message);
  }
}

function refused(file: string, problem: string): RhythmdError {
  return new RhythmdError('E_WARD_FILE', `${file}: ${problem}`, 'docs/ward.md shows such a file');
}
