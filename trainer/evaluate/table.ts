/** Metrics as a table for people. */
import type { Metrics } from './metrics.ts';

export function percent(value: number | null): string {
  return value === null ? '-' : `${(100 * value).toFixed(2)} %`;
}

export function formatMetrics(metrics: Metrics): string {
  const lines = [
    `${metrics.beats} beats, accuracy ${percent(metrics.accuracy)}`,
    `precision ${percent(metrics.macroPrecision)} macro, ${percent(metrics.weightedPrecision)} weighted; ` +
      `recall ${percent(metrics.macroRecall)} macro, ${percent(metrics.weightedRecall)} weighted`,
    `${'class'.padEnd(8)}${'beats'.padStart(8)}${'Se'.padStart(10)}${'+P'.padStart(10)}   said ${metrics.classes.map(({ label }) => label).join(' / ')}`,
  ];
  for (const [c, { label, count, recall, precision }] of metrics.classes.entries()) {
    const said = metrics.confusion[c]!.join(' / ');
    const cells = [String(count).padStart(8), percent(recall).padStart(10), percent(precision).padStart(10)];
    lines.push(`${label.padEnd(8)}${cells.join('')}   ${said}`);
  }
  return lines.join('\n');
}
