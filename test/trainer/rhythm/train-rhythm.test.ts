import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { SeededRandom } from '@rhythmd/ecg/synthetic/seeded-random.ts';
import { RhythmExamples } from '@rhythmd/trainer/rhythm/examples.ts';
import { integerRhythmnet } from '@rhythmd/trainer/rhythm/integer-rhythmnet.ts';
import { rhythmRecipe } from '@rhythmd/trainer/rhythm/rhythm-recipe.ts';
import { trainRhythm } from '@rhythmd/trainer/rhythm/train-rhythm.ts';
import { smallNoise, smallRecords } from '../../support/small-rhythms.ts';

const RECIPE = rhythmRecipe({ steps: 300, batch: 4, warmupSteps: 10 });
const examples = new RhythmExamples(smallRecords(), smallNoise(), new SeededRandom(7));

function folder(): string {
  return mkdtempSync(join(tmpdir(), 'rhythmd-rhythm-'));
}

test('a checkpoint of other settings is refused', async () => {
  const where = folder();
  const ignore = (): void => {};
  await trainRhythm({ recipe: { ...RECIPE, steps: 10 }, examples, folder: where, onProgress: ignore });
  await assert.rejects(
    trainRhythm({ recipe: RECIPE, examples, folder: where, onProgress: ignore }),
    /E_CHECKPOINT_RECIPE|other settings/,
  );
});

test('a run that is killed and resumed ends in the same bits, and it learns', async () => {
  const losses: number[] = [];
  const whole = await trainRhythm({
    recipe: RECIPE,
    examples,
    folder: folder(),
    onProgress: (_, loss) => losses.push(loss),
  });
  assert.ok(losses.at(-1)! < 0.8 * losses[0]!, losses.join(' '));
  const where = folder();
  const killed = trainRhythm({
    recipe: RECIPE,
    examples,
    folder: where,
    onProgress: (step) => {
      if (step > 260) throw new Error('killed');
    },
  });
  await assert.rejects(killed, /killed/);
  const resumed = await trainRhythm({ recipe: RECIPE, examples, folder: where, onProgress: () => {} });
  assert.deepEqual(resumed, whole);

  const model = await integerRhythmnet(whole, examples, 1);
  assert.ok(model.bytes.length < 40_000);
  assert.ok(model.agreementWithFloat > 0.9);
});
