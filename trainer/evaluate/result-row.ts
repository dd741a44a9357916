/** One published result: what was measured of one network after one method under one protocol. */
import { COMPRESSIONS } from '../compress/method.ts';
import type { Protocol } from '../data/splits.ts';
import { formerMethod } from '../old-names.ts';
import type { EpochRecord } from '../train/checkpoint.ts';
import type { Metrics } from './metrics.ts';
import type { Unshared } from './shared-patient.ts';

/** What was done to the network after training it in floats (`none`: nothing), in the order it was done. */
export const METHODS = ['none', ...COMPRESSIONS] as const;
export type Method = (typeof METHODS)[number];

export interface ResultRow {
  readonly network: string;
  readonly method: Method;
  /** Which point of a curve, for example `sparsity-0.95`. */
  readonly variant?: string;
  /** The method whose result this one started from. */
  readonly from?: Method;
  readonly protocol: Protocol;
  readonly accuracy: number;
  /** Macro averages; `metrics` holds the weighted ones too. */
  readonly precision: number;
  readonly recall: number;
  readonly parameters: number;
  /** The ONNX file, the file zipped, and the float ONNX file it came from. */
  readonly fileBytes: number;
  readonly archiveBytes: number;
  readonly originalBytes: number;
  readonly seed: number;
  readonly epochs: number;
  readonly batch: number;
  readonly cpuSeconds: number;
  readonly machine: string;
  readonly revision: string;
  readonly recordedOn: string;
  readonly metrics: Metrics;
  /** Of new patients: without the record whose patient was trained on (shared-patient.ts); absent: not measured. */
  readonly withoutSharedPatient?: Unshared;
  /** An entry an epoch. */
  readonly learning?: readonly EpochRecord[];
  /** Share of the test beats on which it answers as the network before compression. */
  readonly agreementWithFloat?: number;
  /** Share of the test beats on which the integer model answers as the fake-quantized graph that was trained. */
  readonly agreementWithFake?: number;
  /** Share of beats (64 of the test's, spread) to which the daemon's own executor gives the same logits, to the bit; every class is the same. */
  readonly agreementWithExecutor?: number;
  /** One thread of `machine`, one beat at a time. */
  readonly millisecondsPerBeat?: number;
  /** null: asked, and nothing here can count them. */
  readonly instructionsPerBeat?: number | null;
  /** Of the daemon's own executor; whole networks, which differ in nothing but weights, are counted once (`bench -- paper`). */
  readonly onDevices?: OnDevices;
  /** Share of the compressible weights that are zero. */
  readonly sparsity?: number;
  /** How many values the compressible weights take, all layers together. */
  readonly distinctWeights?: number;
  /** Makes this row again. */
  readonly command?: string;
  /** Whatever else the method has to say of itself. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** What a beat takes of the daemon's own executor, on emulated processors. */
export interface OnDevices {
  /** Weights, and every value of a beat. */
  readonly memoryBytes: number;
  /** null: the executor refuses the graph. */
  readonly instructions: { readonly a53: number; readonly arm1176: number } | null;
}

type RowName = Pick<ResultRow, 'network' | 'protocol' | 'method' | 'variant'> & { readonly seed?: number };

/** The one whose rows the tables show; others say how far they spread. */
export const FIRST_SEED = 1;

export function resultFileName(row: RowName): string {
  return fileNameOf(row, row.method);
}

/** Where a row of this kind lay before its method was renamed; null where it never was. */
export function formerFileName(row: RowName): string | null {
  const former = formerMethod(row.method);
  return former === null ? null : fileNameOf(row, former);
}

function fileNameOf({ network, protocol, variant, seed = FIRST_SEED }: RowName, method: string): string {
  const words = [variant, seed === FIRST_SEED ? undefined : `seed${seed}`].filter(
    (word) => word !== undefined,
  );
  const suffix = words.map((word) => `-${word}`).join('');
  return `${network}-${protocol}-${method.replaceAll('+', '-')}${suffix}.json`;
}
