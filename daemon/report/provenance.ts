/** Whose word the labels are, and how good it was measured to be: what a reader must know before any count. */
import type { ReportFacts } from './finished-report.ts';

type Row = readonly [label: string, value: string];

export function provenance({ records, annotator, corrected, model }: ReportFacts): Row[] {
  const sources = new Set(records.map(({ labels }) => labels));
  const said: string[] = [];
  if (sources.has('annotator')) said.push(`the annotation files .${annotator}`);
  if (sources.has('recording')) said.push('the daemon while it recorded');
  if (sources.has('analysis')) said.push('an analysis made for this report');
  const rows: Row[] = [['Beats named by', said.join('; ')]];
  rows.push([
    'Corrected by a person',
    corrected.seen === 0
      ? 'nothing'
      : `${corrected.beats} of ${corrected.seen} beats looked at${corrected.by.length === 0 ? '' : `, by ${corrected.by.join(', ')}`}; all counts are of the corrected labels`,
  ]);
  if (!sources.has('analysis') && !sources.has('recording')) return rows;
  if (model === null) return [...rows, ['Model', 'none']];
  const which = model.is_known ? '' : ' (configured now; a recording does not say which one named its beats)';
  rows.push(['Model', `${model.name} ${model.version}+${model.sha256.slice(0, 6)}${which}`]);
  if (model.measured !== null) rows.push(['Measured', measuredText(model.measured)]);
  return rows;
}

function measuredText({ of, classes }: NonNullable<NonNullable<ReportFacts['model']>['measured']>): string {
  const figure = (share: number | null) => (share === null ? 'not known' : `${(share * 100).toFixed(1)} %`);
  const rows = classes.map(
    ({ label, sensitivity, positive_predictivity }) =>
      `${label}: Se ${figure(sensitivity)}, +P ${figure(positive_predictivity)}`,
  );
  return `${rows.join('; ')} (${of})`;
}
