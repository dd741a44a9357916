/**
 * Instructions per beat on the device's processor, emulated: what a beat costs there, as far as that can be known
 * without one. Arguments: models (a folder, a .zip, a .onnx file; without: those in models/). With `--publish` every
 * row of trainer/results that has no count yet gets one as well, if its model file is where its run leaves it or among
 * the models; `--networks=NAME,NAME` asks for those of a few alone.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readModelFiles } from '@rhythmd/daemon/classify/model-files.ts';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { ResultRow } from '@rhythmd/trainer/evaluate/result-row.ts';
import { readEveryDraw, writeResult } from '@rhythmd/trainer/evaluate/results.ts';
import { NETWORK_NAMES, networkNamed } from '@rhythmd/trainer/presets/catalog.ts';
import { repositoryRoot } from '../support/needs.ts';
import { type BeatCount, BeatCounter, COUNT_OPTIONS } from './instructions/beat-counter.ts';
import { type Counted, type EmulatorVersions, withEarlier } from './instructions/counted.ts';
import { findParts } from './instructions/parts.ts';
import { modelOfRow, modelPathOf, modelsIn } from './instructions/published-rows.ts';
import { CPU_MODEL } from './instructions/zero-2-w.ts';
import type { BenchResult, BenchTopic } from './topic.ts';

const NETWORKS = '--networks=';
const resultPath = fileURLToPath(new URL('results/instructions.json', import.meta.url));
const shipped = join(repositoryRoot, 'models');

type Count = (model: string, onnx: Uint8Array) => Promise<BeatCount>;

export const topic: BenchTopic = {
  summary: 'instructions per beat on an emulated Cortex-A53',
  async run(args, progress) {
    const parts = findParts();
    const emulator = { cpu: CPU_MODEL, ...parts.versions };
    const { given, waiting } = asked(args);
    const paths = given.length > 0 ? given : modelsIn(shipped);
    const counter = await BeatCounter.open(parts);
    const counted: Counted[] = [];
    const byHash = new Map<string, BeatCount>();
    const count: Count = async (model, onnx) => {
      const hash = createHash('sha256').update(onnx).digest('hex');
      const known = byHash.get(hash);
      const result = known ?? (await counter.count(onnx, COUNT_OPTIONS));
      progress(`${model}: ${Math.round(result.beat.median)} instructions a beat`);
      if (known !== undefined) return known;
      byHash.set(hash, result);
      counted.push({ model, fileBytes: onnx.length, ...result });
      return result;
    };
    try {
      for (const path of paths) await count(basename(path), await onnxOf(path));
      await publish(waiting, paths, count, describe(emulator), progress);
    } finally {
      counter.close();
    }
    return resultOf(withEarlier(resultPath, emulator, counted), emulator);
  },
};

async function onnxOf(path: string): Promise<Uint8Array> {
  if (path.endsWith('.onnx')) return readFileSync(path);
  // Of any network: what its card says beyond the hash is for who runs it.
  const hashOf = (text: string): { readonly sha256: string } => JSON.parse(text);
  return (await readModelFiles(path, hashOf)).onnx;
}

interface Asked {
  /** Models by path. */
  readonly given: readonly string[];
  /** Rows to count for. */
  readonly waiting: readonly ResultRow[];
}

function asked(args: readonly string[]): Asked {
  const flags = args.filter((word) => word.startsWith('--'));
  const unknown = flags.find((flag) => flag !== '--publish' && !flag.startsWith(NETWORKS));
  if (unknown !== undefined) {
    throw new RhythmdError('E_USAGE', `no option ${unknown}`, `Options: --publish, ${NETWORKS}NAME,NAME`);
  }
  const named = flags.find((flag) => flag.startsWith(NETWORKS))?.slice(NETWORKS.length);
  const networks = named?.split(',').map((name) => networkNamed(name).name) ?? NETWORK_NAMES;
  const without = ({ network, instructionsPerBeat }: ResultRow): boolean =>
    instructionsPerBeat == null && networks.includes(network);
  return {
    given: args.filter((word) => !word.startsWith('--')),
    waiting: flags.includes('--publish') ? readEveryDraw().filter(without) : [],
  };
}

/** One row after the other: what was counted before an interruption stays. */
async function publish(
  waiting: readonly ResultRow[],
  paths: readonly string[],
  count: Count,
  countedBy: string,
  progress: (line: string) => void,
): Promise<void> {
  for (const row of waiting) {
    const name = [row.network, row.protocol, row.method, row.variant].filter(Boolean).join(' ');
    const model = await modelOfRow(row, [modelPathOf(row), ...paths]);
    if (model === null) {
      progress(`${name}: its model file is not here`);
      continue;
    }
    const { beat, call } = await count(name, model.onnx);
    const details = { ...row.details, instructions: { countedBy, beat, call } };
    writeResult({ ...row, instructionsPerBeat: Math.round(beat.median), details });
  }
}

function describe({ qemu, cpu, node, onnxruntime }: EmulatorVersions): string {
  return `QEMU ${qemu}, -cpu ${cpu}, Node ${node}, onnxruntime ${onnxruntime}`;
}

function resultOf(models: readonly Counted[], emulator: EmulatorVersions): BenchResult {
  const { runs, rounds, beatsPerRound } = COUNT_OPTIONS;
  const millions = (instructions: number): string => (instructions / 1e6).toFixed(3);
  return {
    tables: [
      {
        title: `Instructions per beat, ${CPU_MODEL} under QEMU; nothing on hardware`,
        columns: ['model', 'file, KB', 'a beat, million', 'rounds', 'scatter of runs', 'of it the call'],
        rows: models.map(({ model, fileBytes, beat, call }) => [
          model,
          Math.round(fileBytes / 1000),
          millions(beat.median),
          `${millions(beat.lowest)} to ${millions(beat.highest)}`,
          beat.scatter === null ? null : `${(100 * beat.scatter).toFixed(2)} %`,
          millions(call.median),
        ]),
        note:
          `${describe(emulator)}. Medians of ${runs} runs of ${rounds} rounds of ${beatsPerRound} beats, one at a time on one ` +
          'thread, all threads counted. The call: a model that only averages the image.',
      },
    ],
    json: { emulator, options: COUNT_OPTIONS, models },
  };
}
