/** What a model answers to the beats of DS2, on this processor and on older ones. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { repositoryRoot } from '../../support/needs.ts';
import type { OlderProcessor } from '../../support/older-processor/library.ts';

export interface Answers {
  readonly beats: number;
  readonly accuracy: number;
  /** Of all logits, as floats: equal where every one is, to the bit. */
  readonly logitsSha256: string;
  /** Processor time, images included; comparable within a run, on a quiet machine. */
  readonly microsecondsABeat: number;
}

export const OF_THIS_PROCESSOR = 'this one';
export type ProcessorName = typeof OF_THIS_PROCESSOR | OlderProcessor;

/** @param environment of the processor, on top of this process's; @param every 1: all beats, 10: each tenth */
export async function answersOn(
  environment: Readonly<Record<string, string>>,
  onnxPath: string,
  input: { readonly normalisation: string; readonly channels: string },
  every: number,
): Promise<Answers> {
  const guest = fileURLToPath(new URL('guest.ts', import.meta.url));
  const args = ['--import', 'tsx', guest, onnxPath, input.normalisation, input.channels, String(every)];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: repositoryRoot,
    env: { ...process.env, ...environment },
  });
  return JSON.parse(stdout) as Answers;
}
