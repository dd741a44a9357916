/** The reference firmware: the committed image, and how it is built. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';

export const FIRMWARE_FOLDER = fileURLToPath(new URL('../firmware', import.meta.url));
export const IMAGE_NAME = 'native-uno.hex';

const COMPILER_OPTIONS = [
  '-mmcu=atmega328p',
  '-DF_CPU=16000000UL',
  '-Os',
  '-std=gnu11',
  '-Wall',
  '-Wextra',
  '-Werror',
  '-ffunction-sections',
  '-fdata-sections',
  '-Wl,--gc-sections',
];

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The committed image's text. @throws E_FIRMWARE_HASH when it is not the one its hash stands for */
export function readImage(): string {
  const text = readFileSync(join(FIRMWARE_FOLDER, IMAGE_NAME), 'utf8');
  const expected = readFileSync(join(FIRMWARE_FOLDER, `${IMAGE_NAME}.sha256`), 'utf8').split(/\s/)[0];
  if (sha256(text) !== expected) {
    throw new RhythmdError(
      'E_FIRMWARE_HASH',
      `${IMAGE_NAME} is not the image that was committed`,
      'git checkout it',
    );
  }
  return text;
}

/**
 * Compiles the sources; the same sources and compiler give the same image.
 * @returns the image's text
 * @throws E_FIRMWARE_BUILD
 */
export function buildImage(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rhythmd-firmware-'));
  const sources = readdirSync(FIRMWARE_FOLDER)
    .filter((name) => name.endsWith('.c'))
    .sort();
  try {
    const elf = join(folder, 'image.elf');
    const hex = join(folder, IMAGE_NAME);
    const options = { cwd: FIRMWARE_FOLDER, stdio: 'pipe' as const };
    execFileSync('avr-gcc', [...COMPILER_OPTIONS, '-o', elf, ...sources], options);
    execFileSync('avr-objcopy', ['-O', 'ihex', '-R', '.eeprom', elf, hex], options);
    return readFileSync(hex, 'utf8').replace(/\r\n/g, '\n');
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new RhythmdError('E_FIRMWARE_BUILD', said, 'Run: apt-get install gcc-avr avr-libc binutils-avr', {
      cause,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
