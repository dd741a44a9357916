/** What a beat takes of the integer executor on both processors, emulated. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Executor } from '@rhythmd/ecg/network/executor.ts';
import type { OnDevices } from '@rhythmd/trainer/evaluate/result-row.ts';
import { build } from 'esbuild';
import { type Device, ZERO, ZERO_2 } from '../../support/emulated/device.ts';
import { buildCounter } from '../instructions/emulator.ts';
import { findParts } from '../instructions/parts.ts';
import { parseCounts, perBeat, roundsOf } from '../instructions/per-beat.ts';

const DEVICES: Readonly<Record<'a53' | 'arm1176', Device>> = { a53: ZERO_2, arm1176: ZERO };
/**
 * A small network is compiled after some beats (beatnet2 with two branches after more than 60, with three after fewer). Of a
 * large one every operator runs some hundred times a beat, yet DenseNet201's curve took 375, 165, 104 and then 96 million
 * instructions on the Cortex-A53; on the ARM1176 479, 313, 255, 244 and then 235, in other runs 311 for good.
 */
export const WARM_UP = { small: 300, large: 6 } as const;
export const ROUNDS = { small: 3, large: 3 } as const;
/** Bytes of a model. */
const SMALL = 1e6;

const run = promisify(execFile);

export interface Refusable extends OnDevices {
  /** Why it cannot be run, where it cannot. */
  readonly refused: string | null;
}

export class DeviceCounter {
  /** Which emulator counts, in words. */
  readonly emulator: string;
  readonly #folder: string;
  readonly #plugin: string;

  private constructor(folder: string, plugin: string, emulator: string) {
    this.#folder = folder;
    this.#plugin = plugin;
    this.emulator = emulator;
  }

  static async open(): Promise<DeviceCounter> {
    const { gcc, versions } = findParts();
    const folder = mkdtempSync(join(tmpdir(), 'rhythmd-paper-'));
    const plugin = join(folder, 'counter.so');
    await buildCounter(gcc, plugin);
    await bundleGuest(join(folder, 'guest.mjs'));
    const emulator = `QEMU ${versions.qemu}, Node ${versions.node} on the Cortex-A53 and Debian's 18.20 on the ARM1176`;
    return new DeviceCounter(folder, plugin, emulator);
  }

  async count(onnx: Uint8Array): Promise<Refusable> {
    let memoryBytes: number;
    try {
      memoryBytes = new Executor(onnx).memoryBytes;
    } catch (error) {
      return { memoryBytes: 0, instructions: null, refused: String(error) };
    }
    const path = join(this.#folder, 'model.onnx');
    writeFileSync(path, onnx);
    const size = onnx.length < SMALL ? 'small' : 'large';
    const counted = await Promise.all(
      Object.entries(DEVICES).map(async ([name, device]) => {
        device.find();
        const [emulator, ...words] = device.command(this.#folder) as [string, ...string[]];
        const out = join(this.#folder, `counts-${name}`);
        const counting = ['-plugin', `${this.#plugin},out=${out},kill=${device.killNumber}`];
        const beats = [String(WARM_UP[size]), String(ROUNDS[size])];
        await run(emulator, [...counting, ...words, join(this.#folder, 'guest.mjs'), path, ...beats]);
        return [name, perBeat([roundsOf(parseCounts(readFileSync(out, 'utf8')), 1)]).median] as const;
      }),
    );
    const instructions = Object.fromEntries(counted) as NonNullable<OnDevices['instructions']>;
    return { memoryBytes, instructions, refused: null };
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

async function bundleGuest(outfile: string): Promise<void> {
  await build({
    entryPoints: [fileURLToPath(new URL('guest.ts', import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node18.20',
    logLevel: 'warning',
  });
}
