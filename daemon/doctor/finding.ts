/** What the doctor says of one thing. */
import type { RhythmdError } from '@rhythmd/ecg/errors.ts';

/** `unknown`: it could not be found out, and the finding says why. */
export type Verdict = 'ok' | 'warning' | 'problem' | 'unknown';

export interface Finding {
  readonly name: string;
  readonly verdict: Verdict;
  /** A sentence for people. */
  readonly text: string;
  /** What to do; empty when there is nothing to do. */
  readonly fix: string;
}

export const ok = (name: string, text: string): Finding => ({ name, verdict: 'ok', text, fix: '' });

export const unknown = (name: string, text: string): Finding => ({ name, verdict: 'unknown', text, fix: '' });

export function warning(name: string, text: string, fix: string): Finding {
  return { name, verdict: 'warning', text, fix };
}

export function problem(name: string, text: string, fix: string): Finding {
  return { name, verdict: 'problem', text, fix };
}

export function fromError(name: string, error: RhythmdError): Finding {
  return problem(name, `${error.code}: ${error.message}`, error.fix);
}
