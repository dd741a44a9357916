/**
 * `npm run bench -- processors [MODEL...]`: the shipped models that were measured on DS2, on this processor and on x86-64 without
 * VNNI and without AVX2, on every beat: do all three answer alike, and as the card says? And what the way weights are
 * written costs: unsigned bytes as shipped, signed ones, seven bits.
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
import { BeatCounter, COUNT_OPTIONS } from './instructions/beat-counter.ts';
import { findParts } from './instructions/parts.ts';
import { type Answers, answersOn, OF_THIS_PROCESSOR, type ProcessorName } from './processors/answers.ts';
import type { BenchTopic } from './topic.ts';

const DIGITS = 4;

interface Measured {
  readonly model: string;
  readonly weights: WeightForm;
  readonly archiveBytes: number;
  /** On an emulated Cortex-A53, of one beat. */
  readonly instructions: number;
  readonly card: number;
  readonly answers: Readonly<Record<ProcessorName, Answers>>;
}

export const topic: BenchTopic = {
  summary: 'the same answers on every processor, and what unsigned weights cost',
  async run(args, progress) {
    const missing = whyNoOlderProcessor();
    if (missing !== null) throw new RhythmdError('E_USAGE', `bench processors: ${missing}`);
    const folder = mkdtempSync(join(tmpdir(), 'rhythmd-processors-'));
    const counter = await BeatCounter.open(findParts());
    try {
      const environments: Record<ProcessorName, Record<string, string>> = {
        [OF_THIS_PROCESSOR]: {},
        haswell: olderProcessorEnvironment('haswell', join(folder, 'library')),
        nehalem: {
          ...olderProcessorEnvironment('haswell', join(folder, 'library')),
          RHYTHMD_PROCESSOR: 'nehalem',
        },
      };
      const measured: Measured[] = [];
      for (const model of args.length > 0 ? args : beatModels()) {
        const { card, onnx } = await readModelFiles(join(repositoryRoot, 'models', model));
        const published = card.measured['patient-separated'] as { readonly accuracy: number } | undefined;
        if (published === undefined) continue;
        for (const weights of WEIGHT_FORMS) {
          const bytes = withWeights(onnx, weights);
          const path = join(folder, 'model.onnx');
          writeFileSync(path, bytes);
          const answers = {} as Record<ProcessorName, Answers>;
          for (const [name, environment] of Object.entries(environments) as [
            ProcessorName,
            Record<string, string>,
          ][]) {
            answers[name] = await answersOn(environment, path, card.input);
            progress(`${model}, ${weights}, ${name}: ${answers[name].accuracy.toFixed(DIGITS)}`);
          }
          const { beat } = await counter.count(bytes, COUNT_OPTIONS);
          const archiveBytes = archive({ 'model.onnx': bytes }).length;
          measured.push({
            model,
            weights,
            archiveBytes,
            instructions: beat.median,
            card: published.accuracy,
            answers,
          });
        }
      }
      refuseDifferences(measured);
      return { tables: [tableOf(measured)], json: { measured } };
    } finally {
      counter.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** @throws RhythmdError E_BENCH_TARGET: a shipped model that answers otherwise than its card, or elsewhere otherwise than here */
function refuseDifferences(measured: readonly Measured[]): void {
  for (const { model, card, answers } of measured.filter(({ weights }) => weights === 'unsigned')) {
    const here = answers[OF_THIS_PROCESSOR];
    for (const [name, there] of Object.entries(answers)) {
      if (there.logitsSha256 !== here.logitsSha256)
        throw new RhythmdError('E_BENCH_TARGET', `${model} answers otherwise on ${name}`);
    }
    if (here.accuracy.toFixed(DIGITS) !== card.toFixed(DIGITS))
      throw new RhythmdError(
        'E_BENCH_TARGET',
        `${model}: ${here.accuracy.toFixed(DIGITS)}, its card says ${card}`,
      );
  }
}

function tableOf(measured: readonly Measured[]) {
  return {
    title: 'The same answers on every processor: all beats of DS2, and three ways to write weights',
    columns: [
      'model',
      'weights',
      'archive, bytes',
      'beats',
      'card',
      'this processor',
      'without VNNI',
      'without AVX2',
      'same logits',
      'time without VNNI / here',
      'A53 instructions a beat, million',
    ],
    rows: measured.map(({ model, weights, archiveBytes, instructions, card, answers }) => {
      const { haswell, nehalem, [OF_THIS_PROCESSOR]: here } = answers;
      const all = [here, haswell, nehalem];
      return [
        model,
        weights,
        archiveBytes,
        here.beats,
        card,
        ...all.map(({ accuracy }) => accuracy.toFixed(DIGITS)),
        all.every(({ logitsSha256 }) => logitsSha256 === here.logitsSha256) ? 'yes' : 'no',
        (haswell.microsecondsABeat / here.microsecondsABeat).toFixed(2),
        (instructions / 1e6).toFixed(2),
      ];
    }),
    note: 'Older processors: the same onnxruntime, told by a preloaded library that AVX-512 and VNNI (and AVX, AVX2, FMA) are missing. Processor time with making the images.',
  };
}
