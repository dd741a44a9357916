/**
 * `npm run bench -- processors [MODEL...]`: the shipped models that were measured on DS2, on this processor and on an x86-64
 * without VNNI, on every beat: do both answer alike, and as the card says? And what the way weights are written costs:
 * unsigned bytes as shipped, signed ones, seven bits.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readModelFiles } from '@rhythmd/daemon/classify/model-files.ts';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { archive } from '@rhythmd/trainer/export/archive.ts';
import { WEIGHT_FORMS, type WeightForm, withWeights } from '@rhythmd/trainer/export/weight-forms.ts';
import { beatModels } from '../support/beat-models.ts';
import { repositoryRoot } from '../support/needs.ts';
import { olderProcessorEnvironment, whyNoOlderProcessor } from '../support/older-processor/library.ts';
import { BeatCounter } from './instructions/beat-counter.ts';
import { findParts } from './instructions/parts.ts';
import { type Answers, answersOn } from './processors/answers.ts';
import type { BenchTopic, ResultTable } from './topic.ts';

const DIGITS = 4;
/** Of the beats, to compare ways of writing weights by. */
const ONE_OF = 10;
const COUNT = { runs: 1, rounds: 6, beatsPerRound: 5 };

interface Pair {
  readonly here: Answers;
  readonly withoutVnni: Answers;
}

interface Shipped extends Pair {
  readonly model: string;
  readonly card: number;
}

interface Written extends Pair {
  readonly model: string;
  readonly weights: WeightForm;
  readonly archiveBytes: number;
  /** On an emulated Cortex-A53, of one beat. */
  readonly instructions: number;
}

export const topic: BenchTopic = {
  summary: 'the same answers on every processor, and what unsigned weights cost',
  async run(args, progress) {
    const missing = whyNoOlderProcessor();
    if (missing !== null) throw new RhythmdError('E_USAGE', `bench processors: ${missing}`);
    const folder = mkdtempSync(join(tmpdir(), 'rhythmd-processors-'));
    const counter = await BeatCounter.open(findParts());
    const shipped: Shipped[] = [];
    const written: Written[] = [];
    try {
      const haswell = olderProcessorEnvironment('haswell', join(folder, 'library'));
      const path = join(folder, 'model.onnx');
      for (const model of args.length > 0 ? args : beatModels()) {
        const { card, onnx } = await readModelFiles(join(repositoryRoot, 'models', model));
        const published = card.measured['patient-separated'] as { readonly accuracy: number } | undefined;
        if (published === undefined) continue;
        const pair = async (bytes: Uint8Array, every: number): Promise<Pair> => {
          writeFileSync(path, bytes);
          return {
            here: await answersOn({}, path, card.input, every),
            withoutVnni: await answersOn(haswell, path, card.input, every),
          };
        };
        shipped.push({ model, card: published.accuracy, ...(await pair(onnx, 1)) });
        progress(JSON.stringify(shipped.at(-1)));
        for (const weights of WEIGHT_FORMS) {
          const bytes = withWeights(onnx, weights);
          const { beat } = await counter.count(bytes, COUNT);
          const archiveBytes = archive({ 'model.onnx': bytes }).length;
          const answers = await pair(bytes, ONE_OF);
          written.push({ model, weights, archiveBytes, instructions: beat.median, ...answers });
          progress(JSON.stringify(written.at(-1)));
        }
      }
    } finally {
      counter.close();
      rmSync(folder, { recursive: true, force: true });
    }
    for (const one of shipped) refuseDifferences(one);
    return { tables: [shippedTable(shipped), writtenTable(written)], json: { shipped, written } };
  },
};

/** @throws RhythmdError E_BENCH_TARGET: a model that answers otherwise than its card, or there otherwise than here */
function refuseDifferences({ model, card, here, withoutVnni }: Shipped): void {
  if (withoutVnni.logitsSha256 !== here.logitsSha256)
    throw new RhythmdError('E_BENCH_TARGET', `${model} answers otherwise without VNNI`);
  if (here.accuracy.toFixed(DIGITS) !== card.toFixed(DIGITS))
    throw new RhythmdError(
      'E_BENCH_TARGET',
      `${model}: ${here.accuracy.toFixed(DIGITS)}, its card says ${card}`,
    );
}

const same = ({ here, withoutVnni }: Pair): string =>
  here.logitsSha256 === withoutVnni.logitsSha256 ? 'yes' : 'no';

function shippedTable(shipped: readonly Shipped[]): ResultTable {
  return {
    title: 'The shipped models on all beats of DS2',
    columns: ['model', 'beats', 'card', 'this processor', 'without VNNI', 'every logit the same'],
    rows: shipped.map((one) => [
      one.model,
      one.here.beats,
      one.card.toFixed(DIGITS),
      one.here.accuracy.toFixed(DIGITS),
      one.withoutVnni.accuracy.toFixed(DIGITS),
      same(one),
    ]),
    note: 'Without VNNI: the same onnxruntime, told by a preloaded library that AVX-512 and VNNI are missing (test/support/older-processor).',
  };
}

function writtenTable(written: readonly Written[]): ResultTable {
  const perBeat = ({ microsecondsABeat }: Answers) => Math.round(microsecondsABeat);
  return {
    title: 'Three ways to write weights',
    columns: [
      'model',
      'weights',
      'archive, bytes',
      'accuracy here',
      'without VNNI',
      'every logit the same',
      'us a beat here',
      'without VNNI',
      'A53 instructions a beat, million',
    ],
    rows: written.map((one) => [
      one.model,
      one.weights,
      one.archiveBytes,
      one.here.accuracy.toFixed(DIGITS),
      one.withoutVnni.accuracy.toFixed(DIGITS),
      same(one),
      perBeat(one.here),
      perBeat(one.withoutVnni),
      (one.instructions / 1e6).toFixed(2),
    ]),
    note: `On each tenth beat of DS2. Processor time of this run, to be compared within it alone; images are made in it.`,
  };
}
