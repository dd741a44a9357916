/**
 * Runs in an emulated processor: `guest FOLDER`. For each NAME.onnx of the folder the inputs of NAME.inputs (floats, one
 * 3 x 36 x 36 after the other) go through the model, one at a time; NAME.logits is what it answers.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { floats, openSession } from '../../../trainer/graph/runtime.ts';

const SIZE = 3 * 36 * 36;
const folder = process.argv[2]!;

for (const file of readdirSync(folder).filter((name) => name.endsWith('.onnx'))) {
  const path = join(folder, file.slice(0, -'.onnx'.length));
  const session = await openSession(readFileSync(`${path}.onnx`), 'all');
  const inputs = new Float32Array(Uint8Array.from(readFileSync(`${path}.inputs`)).buffer);
  const answers: Buffer[] = [];
  for (let at = 0; at < inputs.length; at += SIZE) {
    const image = floats(inputs.subarray(at, at + SIZE), [1, 3, 36, 36]);
    const { logits } = await session.run({ image });
    const { buffer, byteOffset, byteLength } = logits!.data as Float32Array;
    answers.push(Buffer.from(Uint8Array.from(new Uint8Array(buffer, byteOffset, byteLength))));
  }
  await session.release();
  writeFileSync(`${path}.logits`, Buffer.concat(answers));
}
