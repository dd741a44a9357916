/** What one beat of a model takes in the emulator, and what calling the runtime takes of it. */
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { Graph } from '@rhythmd/trainer/graph/graph.ts';
import { encodeModel } from '@rhythmd/trainer/graph/onnx-model.ts';
import { build } from 'esbuild';
import { repositoryRoot } from '../../support/needs.ts';
import { Emulator } from './emulator.ts';
import type { Parts } from './parts.ts';
import { type PerBeat, perBeat, roundsOf } from './per-beat.ts';

export interface CountOptions {
  /** Processes, one after the other; what they differ by is the scatter. */
  readonly runs: number;
  readonly rounds: number;
  readonly beatsPerRound: number;
}

export const COUNT_OPTIONS: CountOptions = { runs: 3, rounds: 8, beatsPerRound: 5 };

export interface BeatCount {
  readonly beat: PerBeat;
  /** Of it, JavaScript and the way into the runtime and back: a model that only averages the image. */
  readonly call: PerBeat;
}

export class BeatCounter {
  readonly #emulator: Emulator;
  readonly #node: string;

  private constructor(emulator: Emulator, node: string) {
    this.#emulator = emulator;
    this.#node = node;
  }

  static async open(parts: Parts): Promise<BeatCounter> {
    const emulator = await Emulator.open(parts);
    const counter = new BeatCounter(emulator, parts.node);
    writeFileSync(counter.#path('nothing.onnx'), encodeModel(nearlyNothing()));
    symlinkSync(join(repositoryRoot, 'node_modules'), counter.#path('node_modules'));
    await build({
      entryPoints: [fileURLToPath(new URL('guest.ts', import.meta.url))],
      outfile: counter.#path('guest.mjs'),
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      external: ['onnxruntime-node'],
      logLevel: 'warning',
    });
    return counter;
  }

  /** @throws RhythmdError E_EMULATOR, E_COUNT */
  async count(model: Uint8Array, { runs, rounds, beatsPerRound }: CountOptions): Promise<BeatCount> {
    writeFileSync(this.#path('model.onnx'), model);
    const words = [rounds, beatsPerRound].map(String);
    const files = ['guest.mjs', 'nothing.onnx', 'model.onnx'].map((name) => this.#path(name));
    const [guest, nothing, counted] = files as [string, string, string];
    const calls: number[][] = [];
    const beats: number[][] = [];
    for (let run = 0; run < runs; run++) {
      const counts = await this.#emulator.count(this.#node, [guest, ...words, nothing, counted]);
      if (counts.length !== 2 * (rounds + 1)) {
        throw new RhythmdError('E_COUNT', `${counts.length} marks instead of ${2 * (rounds + 1)}`);
      }
      calls.push(roundsOf(counts.slice(0, rounds + 1), beatsPerRound));
      beats.push(roundsOf(counts.slice(rounds + 1), beatsPerRound));
    }
    return { beat: perBeat(beats), call: perBeat(calls) };
  }

  close(): void {
    this.#emulator.close();
  }

  #path(name: string): string {
    return join(this.#emulator.folder, name);
  }
}

function nearlyNothing(): Graph {
  const graph = new Graph('nothing');
  const image = graph.input('image', [1, 3, 36, 36]);
  graph.output('logits', graph.add('GlobalAveragePool', [image], [1, 3, 1, 1]));
  return graph;
}
