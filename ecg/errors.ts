import type { ErrorCode } from './error-codes.ts';

/**
 * One error class. Callers match on `code` (error-codes.ts lists them), never on wording; the command line turns a code into an exit
 * status and prints `code: message. fix`.
 */
export class RhythmdError extends Error {
  readonly code: ErrorCode;
  /** What the reader can do about it, one sentence; empty when the message says it all. */
  readonly fix: string;

  /** By its name: the built program and what starts it each hold this class. */
  static override [Symbol.hasInstance](error: unknown): boolean {
    return error instanceof Error && error.name === 'RhythmdError';
  }

  constructor(code: ErrorCode, message: string, fix = '', options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'RhythmdError';
    this.code = code;
    this.fix = fix;
  }
}

/** One line for people: the code, what happened, what to do. */
export function describeError(error: unknown): string {
  if (error instanceof RhythmdError) {
    return error.fix === ''
      ? `${error.code}: ${error.message}`
      : `${error.code}: ${error.message}. ${error.fix}`;
  }
  return `E_UNEXPECTED: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
