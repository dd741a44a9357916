/** The report in docs/ is what the results in the repository render to: it cannot go stale unnoticed. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readNewPatients, readOtherNewPatients } from '@rhythmd/trainer/evaluate/new-patients.ts';
import { readOpenings } from '@rhythmd/trainer/evaluate/openings.ts';
import { readResults, seedsFolder } from '@rhythmd/trainer/evaluate/results.ts';
import { readDeviceCounts } from '@rhythmd/trainer/report/device-counts.ts';
import { toHtml } from '@rhythmd/trainer/report/html.ts';
import { toMarkdown } from '@rhythmd/trainer/report/markdown.ts';
import { reportDocument } from '@rhythmd/trainer/report/report.ts';
import { readSpeed } from '@rhythmd/trainer/report/speed.ts';
import { repositoryRoot } from '../../support/needs.ts';

const document = reportDocument(readResults(), readSpeed(), readNewPatients('beatnet2'), {
  seeds: readResults(seedsFolder),
  openings: readOpenings(),
  device: readDeviceCounts(),
  others: readOtherNewPatients('beatnet2'),
});

for (const [name, text] of [
  ['report.html', toHtml(document)],
  ['report.md', toMarkdown(document)],
] as const) {
  test(`docs/${name} is that of trainer/results`, () => {
    const committed = readFileSync(join(repositoryRoot, 'docs', name), 'utf8');
    // Not assert.equal: a difference of a hundred kilobytes helps nobody.
    assert.ok(committed === text, `docs/${name} is stale: npm run trainer -- report`);
  });
}
