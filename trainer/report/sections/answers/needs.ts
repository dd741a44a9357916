/** What a beat needs of the device, in words. */
import { PAPER_NETWORKS } from '../../../evaluate/paper-table.ts';
import type { ResultRow } from '../../../evaluate/result-row.ts';
import type { ReportContext } from '../../context.ts';
import { CYCLES_A_BEAT, FAST_HEART_PER_MINUTE } from '../../device-counts.ts';
import type { Text } from '../../document.ts';
import { megabytes, networkTitle, share } from '../../figures.ts';
import { deviceCountOf } from '../cost.ts';
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
    `The smallest archive that names 98 % takes ${named(least)}`,
    ...(ofPaper === null || ofPaper === least
      ? []
      : [`, the smallest of a network of the paper ${named(ofPaper)}`]),
    '; the paper’s smallest takes 0.98 MB (0.895). An archive is how a network is sent and stored; to run, it is unpacked into the memory that the tables show. ',
    ...paceOf(context, networks),
  ];
}

interface Counted {
  readonly title: string;
  readonly instructions: number;
}

/** Whether it keeps up on the paper's ARM1176. */
function paceOf(context: ReportContext, networks: readonly string[]): Text {
  const counts = (rowOf: (network: string) => ResultRow | null): Counted[] =>
    networks.flatMap((network) => {
      const instructions = deviceCountOf(context, rowOf(network))?.instructions?.arm1176;
      return instructions === undefined ? [] : [{ title: networkTitle(network), instructions }];
    });
  const whole = counts((network) => context.results.find(network, 'paper', 'quantized+pruned'));
  if (whole.length === 0) return ["On the paper's own ARM1176 nothing is counted."];
  const narrow = counts((network) => {
    const row = smallestArchive(context, network);
    return row?.from === 'channel-pruned' ? row : null;
  });
  return [
    `On the paper’s device, a Zero with an ARM1176 at 1 GHz, a heart at ${FAST_HEART_PER_MINUTE}/min leaves ${Math.round(CYCLES_A_BEAT / 1e6)} million cycles a beat. Instructions were counted, in an emulator; no time was measured. `,
    `All channels kept, ${pace(whole)}`,
    ...(narrow.length === 0 ? [] : [` With channels left out, ${pace(narrow)}`]),
  ];
}

function pace(counts: readonly Counted[]): string {
  const late = counts.filter(({ instructions }) => instructions > CYCLES_A_BEAT);
  const maybe = counts.filter((one) => !late.includes(one));
  const cycles = ({ title, instructions }: Counted, i: number): string =>
    `${title}${i === 0 ? ' keeps up if an instruction takes at most' : ''} ${(CYCLES_A_BEAT / instructions).toFixed(1)}${i === 0 ? ' cycles' : ''}`;
  const parts = [
    ...(late.length === 0
      ? []
      : [
          `${late.map(({ title }) => title).join(', ')} take${late.length === 1 ? 's' : ''} more instructions than that and cannot keep up`,
        ]),
    ...(maybe.length === 0 ? [] : [maybe.map(cycles).join(', ')]),
  ];
  return `${parts.join('; ')}.`;
}
