/** What a beat needs of the device, in words. */
import { PAPER_NETWORKS } from '../../../evaluate/paper-table.ts';
import type { ResultRow } from '../../../evaluate/result-row.ts';
import type { ReportContext } from '../../context.ts';
import { CYCLES_A_BEAT, FAST_HEART_PER_MINUTE } from '../../device-counts.ts';
import type { Text } from '../../document.ts';
import { megabytes, networkTitle, share } from '../../figures.ts';
import { deviceCountOf } from '../cost.ts';
import { cyclesAllowed, LEAST_CYCLES } from './cycles.ts';
import { isAccurate, smallestArchive, smallestOf } from './smallest.ts';

/** @param networks of the first page */
export function needsOf(context: ReportContext, networks: readonly string[]): Text {
  const smallest = networks.flatMap((network) => smallestArchive(context, network) ?? []);
  const least = smallestOf([...smallest, ...context.results.rows.filter(isAccurate)]);
  if (least === null) return ['Not measured.'];
  const ofPaper = smallestOf(smallest.filter(({ network }) => PAPER_NETWORKS.includes(network)));
  const named = (row: ResultRow): string =>
    `${megabytes(row.archiveBytes)} MB (${networkTitle(row.network)}, ${share(row.accuracy)})`;
  return [
    `The smallest archive that names 98 % of known patients' beats takes ${named(least)}`,
    ...(ofPaper === null || ofPaper === least
      ? []
      : [`, the smallest of a network of the paper ${named(ofPaper)}`]),
    '; the paper’s smallest takes 0.98 MB (0.895). An archive is how a network is sent and stored; to run, it is unpacked into the memory that the tables show. ',
    ...paceOf(context, networks),
  ];
}

/** Whether it keeps up on the paper's ARM1176. */
function paceOf(context: ReportContext, networks: readonly string[]): Text {
  const cyclesOf = (row: ResultRow | null): number | null =>
    cyclesAllowed(deviceCountOf(context, row)?.instructions?.arm1176);
  const whole = networks.flatMap((network) => {
    const cycles = cyclesOf(context.results.find(network, 'paper', 'quantized+pruned'));
    return cycles === null ? [] : [{ network, cycles }];
  });
  if (whole.length === 0) return ["On the paper's own ARM1176 nothing is counted."];
  const late = whole.filter(({ cycles }) => cycles < LEAST_CYCLES).map(({ network }) => network);
  // What was not counted is not said to keep up.
  const least = Math.min(...late.map((network) => cyclesOf(smallestArchive(context, network)) ?? 0));
  return [
    `On the paper’s device, a Zero with an ARM1176 at 1 GHz, a heart at ${FAST_HEART_PER_MINUTE}/min leaves ${Math.round(CYCLES_A_BEAT / 1e6)} million cycles a beat. Instructions were counted, in an emulator; no time was measured on a Zero. ` +
      'The tables say how many cycles an instruction may take; it takes at least one, and how many more is not known. A network that may take 1.1 keeps up only if nearly every instruction takes a single cycle. ',
    late.length === 0
      ? 'None has less than one.'
      : `With all channels ${late.map(networkTitle).join(', ')} ${late.length === 1 ? 'has' : 'have'} less than one and cannot keep up at that rate.`,
    ...(late.length > 0 && least >= LEAST_CYCLES
      ? [` In their smallest archives they have ${least.toFixed(1)} or more.`]
      : []),
  ];
}
