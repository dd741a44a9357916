/**
 * Logits that every executor on every machine must answer with, to the bit: of images that a seed makes, for each model in
 * models/ by its hash. `npm run golden` writes the file anew, by the executor in TypeScript, and refuses where onnxruntime
 * differs.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { IMAGE_VALUES } from '@rhythmd/daemon/classify/classifier.ts';
import { readModelFiles } from '@rhythmd/daemon/classify/model-files.ts';
import { Executor } from '@rhythmd/ecg/network/executor.ts';
import { SeededRandom } from '@rhythmd/ecg/synthetic/seeded-random.ts';
import { openSession, RuntimeTensor } from '@rhythmd/trainer/graph/runtime.ts';
import { beatModels } from './beat-models.ts';
import { repositoryRoot } from './needs.ts';

const path = join(repositoryRoot, 'test/models/golden-logits.json');
const BEATS = 12;

/** Waves of several lengths with noise, and a few values beyond every range. */
export function goldenImages(count: number): Float32Array {
  const random = new SeededRandom(20_250_101);
  const images = new Float32Array(count * IMAGE_VALUES);
  for (let beat = 0; beat < count; beat++) {
    const length = 3 + 40 * random.uniform();
    const height = 6 * random.uniform();
    for (let i = 0; i < IMAGE_VALUES; i++) {
      // A triangle: sines differ by machine in their last bit.
      const phase = (i / length) % 1;
      const wave = height * (1 - 4 * Math.abs(phase - 0.5));
      images[beat * IMAGE_VALUES + i] = wave + 2 * (random.uniform() - 0.5);
    }
    images[beat * IMAGE_VALUES + 7 * beat] = 1e4 * (random.uniform() - 0.5);
  }
  return images;
}

/** By the hash of model.onnx. */
export function readGolden(): Map<string, Float32Array> {
  if (!existsSync(path)) return new Map();
  const kept = JSON.parse(readFileSync(path, 'utf8')) as Record<string, { readonly logits: string }>;
  return new Map(Object.entries(kept).map(([hash, { logits }]) => [hash, floatsOf(logits)]));
}

/** Bits, as hexadecimal digits: decimal ones would have to be read to the last. */
function floatsOf(digits: string): Float32Array {
  const bytes = Buffer.from(digits, 'hex');
  return Float32Array.from({ length: bytes.length >> 2 }, (_, i) => bytes.readFloatBE(4 * i));
}

function digitsOf(logits: Float32Array): string {
  const bytes = Buffer.alloc(4 * logits.length);
  for (const [i, value] of logits.entries()) bytes.writeFloatBE(value, 4 * i);
  return bytes.toString('hex');
}

async function writeGolden(): Promise<void> {
  const images = goldenImages(BEATS);
  const golden: Record<string, { readonly model: string; readonly logits: string }> = {};
  const folder = join(repositoryRoot, 'models');
  for (const name of beatModels()) {
    const { card, onnx } = await readModelFiles(join(folder, name));
    const executor = new Executor(onnx, 'typescript');
    const logits = new Float32Array(BEATS * executor.outputSize);
    executor.run(images, BEATS, logits);
    const session = await openSession(onnx, 'all');
    const image = new RuntimeTensor('float32', images, [BEATS, ...executor.inputShape]);
    const expected = (await session.run({ image })).logits!.data as Float32Array;
    await session.release();
    if (digitsOf(expected) !== digitsOf(logits))
      throw new Error(`onnxruntime answers otherwise to models/${name}`);
    golden[card.sha256] = { model: name, logits: digitsOf(logits) };
    console.log(`models/${name}: ${BEATS} beats, both executors alike`);
  }
  writeFileSync(path, `${JSON.stringify(golden, null, 1)}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeGolden();
