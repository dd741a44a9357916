/** Which code runs: written into every checkpoint and result. */
import { execFileSync } from 'node:child_process';

/** What a training writes itself, or is rendered from that: another row there is no other code. */
const WRITTEN = ['trainer/results', 'docs', 'models'];

/**
 * The commit the code is at; `+` when the tree has changes besides results.
 * @param folder anywhere in the tree
 */
export function gitRevision(folder = '.'): string {
  try {
    const git = (...args: string[]): string =>
      execFileSync('git', args, {
        encoding: 'utf8',
        cwd: folder,
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim();
    const outside = WRITTEN.map((folder) => `:(top,exclude)${folder}`);
    const changes = git('status', '--porcelain', '-uno', '--', ':(top)', ...outside);
    return `${git('rev-parse', '--short', 'HEAD')}${changes === '' ? '' : '+'}`;
  } catch {
    return 'unknown';
  }
}

/** The commits that trained a run so far, and this one: one that goes on under the same code names it once. */
export function revisionsWith(before: readonly string[], now: string): readonly string[] {
  return before.at(-1) === now ? before : [...before, now];
}
