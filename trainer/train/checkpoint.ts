/**
 * Checkpoints: everything a run needs to go on to the same bits.
 *
 *   offset  size  what
 *   0       8     "RHYTHMCK"
 *   8       4     length of the header, u32 little-endian
 *   12      n     header, JSON
 *   12+n    ...   float32 values of every entry, in the header's order
 *   end-32  32    sha256 of all before
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { writeAtomically } from '../files.ts';
import type { Weights } from '../nets/parameters.ts';
import { inTodaysNames } from '../old-names.ts';
import type { Recipe } from './recipe.ts';

const MAGIC = 'RHYTHMCK';
const DIGEST_BYTES = 32;
const FIX = 'Remove it to begin again';

/** How far a run has come. */
export interface Progress {
  readonly epoch: number;
  /** Steps done within `epoch`. */
  readonly step: number;
  /** Sums over the steps of this epoch so far. */
  readonly lossSum: number;
  readonly correctSum: number;
  /** Time spent so far, all sittings together. */
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  readonly epochs: readonly EpochRecord[];
  /** The commits that trained it, in turn; absent: nobody kept them. */
  readonly revisions?: readonly string[];
}

export interface EpochRecord {
  readonly epoch: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly validation: { readonly accuracy: number; readonly macroRecall: number } | null;
  readonly cpuSeconds: number;
}

export interface Checkpoint<R = Recipe> {
  readonly recipe: R;
  readonly progress: Progress;
  /** Weights, running statistics and moments. */
  readonly state: Weights;
}

interface Header<R> {
  readonly recipe: R;
  readonly progress: Progress;
  readonly entries: readonly { readonly name: string; readonly length: number }[];
}

export function writeCheckpoint<R>(path: string, { recipe, progress, state }: Checkpoint<R>): void {
  const entries = [...state].map(([name, values]) => ({ name, length: values.length }));
  const header: Header<R> = { recipe, progress, entries };
  const json = new TextEncoder().encode(JSON.stringify(header));
  const head = new Uint8Array(12 + json.length);
  head.set(new TextEncoder().encode(MAGIC));
  new DataView(head.buffer).setUint32(8, json.length, true);
  head.set(json, 12);
  const parts = [head, ...[...state.values()].map(bytesOf)];
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  writeAtomically(path, [...parts, hash.digest()]);
}

/** @throws RhythmdError E_CHECKPOINT_BROKEN; null when there is none */
export function readCheckpoint<R = Recipe>(path: string): Checkpoint<R> | null {
  if (!existsSync(path)) return null;
  const bytes = readFileSync(path);
  const broken = (what: string): RhythmdError =>
    new RhythmdError('E_CHECKPOINT_BROKEN', `${path} ${what}`, FIX);
  if (bytes.length < 12 + DIGEST_BYTES || bytes.toString('latin1', 0, 8) !== MAGIC)
    throw broken('is no checkpoint');
  const body = bytes.subarray(0, bytes.length - DIGEST_BYTES);
  const digest = createHash('sha256').update(body).digest();
  if (!digest.equals(bytes.subarray(body.length))) throw broken('is damaged or cut short');
  const headerLength = bytes.readUInt32LE(8);
  const header = JSON.parse(bytes.toString('utf8', 12, 12 + headerLength)) as Header<R>;
  const state = new Map<string, Float32Array>();
  let offset = 12 + headerLength;
  for (const { name, length } of header.entries) {
    // Copied: a view would need its offset to be a multiple of four.
    state.set(name, new Float32Array(Uint8Array.from(body.subarray(offset, offset + length * 4)).buffer));
    offset += length * 4;
  }
  return { recipe: inTodaysNames(header.recipe), progress: header.progress, state };
}

function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
