/** A model as the daemon loads it: `model.onnx` and `card.json` in a folder. */
import { join } from 'node:path';
import { makeFolder, writeAtomically } from '../files.ts';

/** @throws RhythmdError E_DISK_FULL, E_FILE_WRITE */
export function writeModel(folder: string, bytes: Uint8Array, card: unknown): void {
  makeFolder(folder);
  writeAtomically(join(folder, 'model.onnx'), [bytes]);
  writeAtomically(join(folder, 'card.json'), [cardBytes(card)]);
}

/** The card as its file holds it. */
export function cardBytes(card: unknown): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(card, null, 2)}\n`);
}
