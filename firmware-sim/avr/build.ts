/** `sim firmware`: builds the reference firmware and writes its image and hash. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readArguments } from '@rhythmd/shell/arguments.ts';
import { EXIT_DONE } from '@rhythmd/shell/exit-status.ts';
import type { CommandIo } from '@rhythmd/shell/io.ts';
import { COMMANDS } from '../commands.ts';
import { buildImage, FIRMWARE_FOLDER, IMAGE_NAME, sha256 } from './firmware-image.ts';

export async function run(args: string[], io: CommandIo): Promise<number> {
  readArguments(args, COMMANDS.firmware, io.err);
  const text = buildImage();
  writeFileSync(join(FIRMWARE_FOLDER, IMAGE_NAME), text);
  writeFileSync(join(FIRMWARE_FOLDER, `${IMAGE_NAME}.sha256`), `${sha256(text)}  ${IMAGE_NAME}\n`);
  io.out(`${IMAGE_NAME} ${sha256(text)}`);
  return EXIT_DONE;
}
