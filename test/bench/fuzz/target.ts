/** What is fuzzed: one parser, valid inputs to begin with, and what must hold for any input. */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';

export interface FuzzTarget {
  readonly name: string;
  /** Valid inputs. */
  readonly seeds: () => readonly Uint8Array[];
  /** What its grammar is made of; put in where a mutation wants a word. */
  readonly words?: readonly string[];
  /** Throws what is not allowed. A RhythmdError is the parser's way to refuse, see `refusing`. */
  readonly run: (input: Uint8Array) => void | Promise<void>;
}

/** Runs a parser that may refuse. */
export async function refusing(work: () => unknown): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof RhythmdError)) throw error;
  }
}

export const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'latin1');
export const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
