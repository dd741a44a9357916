/** `rhythmd export`: a record, or a piece of it, for other programs. */
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { readArguments } from '@rhythmd/shell/arguments.ts';
import { EXIT_DONE } from '@rhythmd/shell/exit-status.ts';
import type { CommandIo } from '@rhythmd/shell/io.ts';
import { loadConfig } from '../config/load.ts';
import { configuredPath } from '../config/paths.ts';
import { DEVICE_FILE, keptDeviceId } from '../device-id.ts';
import { UNKNOWN_DATE } from '../export/dicom.ts';
import { type Content, FORMATS } from '../export/formats.ts';
import { readPiece } from '../export/piece.ts';
import { VERSION } from '../version.ts';
import { COMMANDS } from './commands.ts';
import { csvOptions, readSpan, warnOnce } from './record-arguments.ts';

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, operands } = readArguments(args, COMMANDS.export, io.err);
  const content = FORMATS[values.format];
  const span = readSpan(operands[0]!, values, io.environment);
  const warn = warnOnce(io);
  const csv = csvOptions(values);
  const piece = readPiece({ ...span, annotator: values.annotator ?? null, csv, warn });
  try {
    for (const { name, units, isVoltage } of piece.leads) {
      if (!isVoltage) warn(`${piece.record}: signal ${name} is in ${units}, no voltage: its unit is kept`);
    }
    if (values.format === 'dicom' && piece.startMs === null)
      warn(
        `${piece.record}: nobody knows when it was recorded, and DICOM demands a date: the file says ${UNKNOWN_DATE}`,
      );
    const { device } = loadConfig(values.config, io.environment);
    const bytes = writeOut(
      values.out,
      content(
        piece,
        `rhythmd ${VERSION}, device ${device.id || keptDeviceId(configuredPath(DEVICE_FILE, io.environment)) || 'without a name'}`,
      ),
    );
    io.out(
      `${values.out}: ${bytes} bytes, ${(piece.count / piece.rateHz).toFixed(1)} s of record ${piece.record}`,
    );
  } finally {
    piece.close();
  }
  return EXIT_DONE;
}

/**
 * @returns bytes written. A file that could not be finished does not stay; what is refused at once costs no file that was
 * there before.
 */
function writeOut(path: string, content: Content): number {
  const parts = content[Symbol.iterator]();
  let part = parts.next();
  let file: number | null = null;
  try {
    file = openSync(path, 'w');
    let bytes = 0;
    for (; !part.done; part = parts.next()) {
      bytes += writeSync(file, typeof part.value === 'string' ? Buffer.from(part.value) : part.value);
    }
    closeSync(file);
    return bytes;
  } catch (cause) {
    if (file !== null) {
      closeSync(file);
      rmSync(path, { force: true });
    }
    if (cause instanceof RhythmdError) throw cause;
    throw new RhythmdError(
      'E_OUT',
      `${path} cannot be written (${(cause as Error).message})`,
      'Name a file in a folder that exists and is writable',
      { cause },
    );
  }
}
