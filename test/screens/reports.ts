/**
 * `npm run reports`: the reports in docs/reports, page by page, of the reference annotations of four records and of a day made of
 * all of mitdb, one record after the other. Needs pdftoppm (poppler-utils); with imagemagick the pictures are smaller.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MITDB_RECORDS } from '@rhythmd/records/mitdb.ts';
import { runCommand } from '../support/command.ts';
import { repositoryRoot } from '../support/needs.ts';

const folder = join(repositoryRoot, 'docs/reports');
/** Legible on a screen, and small. */
const DOTS_PER_INCH = 80;
const COLOURS = 24;

const REPORTS: Readonly<Record<string, readonly string[]>> = {
  '100': ['100'],
  '207': ['207'],
  '208': ['208'],
  '222': ['222'],
  day: MITDB_RECORDS,
};

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const scratch = mkdtempSync(join(tmpdir(), 'rhythmd-reports-'));
try {
  for (const [name, records] of Object.entries(REPORTS)) {
    const pdf = join(scratch, `${name}.pdf`);
    const { status, out, err } = await runCommand(
      ['report', ...records, '--annotator', 'atr', '--out', pdf],
      process.env,
    );
    if (status !== 0) throw new Error(err);
    console.log(out);
    execFileSync('pdftoppm', ['-r', String(DOTS_PER_INCH), '-png', pdf, join(folder, name)]);
  }
  const pages = readdirSync(folder).map((page) => join(folder, page));
  try {
    for (const page of pages) {
      execFileSync('convert', [
        page,
        '-strip',
        '-colors',
        String(COLOURS),
        '-define',
        'png:compression-level=9',
        page,
      ]);
    }
  } catch {
    console.error('imagemagick is not there: the pictures are larger than they need to be');
  }
  console.log(`${pages.length} pages in docs/reports`);
} finally {
  rmSync(scratch, { recursive: true });
}
