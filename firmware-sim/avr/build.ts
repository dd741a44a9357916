/** `sim firmware`: builds the reference firmware and writes its image and hash. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildImage, FIRMWARE_FOLDER, IMAGE_NAME, sha256 } from './firmware-image.ts';

export async function firmware(): Promise<void> {
  const text = buildImage();
  writeFileSync(join(FIRMWARE_FOLDER, IMAGE_NAME), text);
  writeFileSync(join(FIRMWARE_FOLDER, `${IMAGE_NAME}.sha256`), `${sha256(text)}  ${IMAGE_NAME}\n`);
  console.log(`${IMAGE_NAME} ${sha256(text)}`);
}
