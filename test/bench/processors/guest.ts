/**
 * Runs on another processor (`answers.ts` starts it): `guest MODEL NORMALISATION CHANNELS EVERY`. Every beat of DS2
 * (or one of EVERY) through the model, on reference peaks; prints one line of JSON, an `Answers`.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { DatasetRecipe } from '@rhythmd/trainer/data/dataset.ts';
import { splitOf } from '@rhythmd/trainer/data/splits.ts';
import { openDataset } from '@rhythmd/trainer/data/store.ts';
import { measure } from '@rhythmd/trainer/evaluate/metrics.ts';
import { modelLogits } from '@rhythmd/trainer/export/verify.ts';
import { trainingFolder } from '@rhythmd/trainer/files.ts';
import { openSession } from '@rhythmd/trainer/graph/runtime.ts';
import type { Answers } from './answers.ts';

const [path, normalisation, channels, every] = process.argv.slice(2);
const recipe = { normalisation, channels, leads: 'upper' } as DatasetRecipe;
const dataset = openDataset(trainingFolder(), recipe);
const { test } = splitOf(dataset, 'patient-separated', 1, null);
const beats = test.filter((_, i) => i % Number(every) === 0);
const session = await openSession(readFileSync(path!), 'all');
const before = process.cpuUsage();
const logits = await modelLogits(session, dataset, beats);
const used = process.cpuUsage(before);
await session.release();
const labels = Array.from(beats, (beat) => dataset.label[beat]!);
const answers: Answers = {
  beats: beats.length,
  accuracy: measure(labels, logits).accuracy,
  logitsSha256: createHash('sha256').update(logits).digest('hex'),
  microsecondsABeat: (used.user + used.system) / beats.length,
};
console.log(JSON.stringify(answers));
