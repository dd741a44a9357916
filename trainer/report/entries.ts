/** One line of a results table: a network and what was done to it, under both protocols, and the paper's. */
import { commandFor } from '../evaluate/commands.ts';
import { PAPER_NETWORKS, type PaperFigures, paperFigures } from '../evaluate/paper-table.ts';
import type { Method, ResultRow } from '../evaluate/result-row.ts';
import { NETWORK_NAMES, PRESETS } from '../presets/catalog.ts';
import { commandOfRow, type ResultIndex } from './result-index.ts';

/** Small enough for the device: measured under both protocols, always. */
export const SMALL_NETWORKS: readonly string[] = PRESETS.filter(({ isSmall }) => isSmall).map(
  ({ name }) => name,
);

export interface Entry {
  readonly network: string;
  readonly method: Method;
  readonly theirs: PaperFigures | null;
  /** Under the paper's protocol; null: not measured. */
  readonly onPaper: ResultRow | null;
  /** Under the patient-separated one; null: not measured. */
  readonly onPatients: ResultRow | null;
  /** The patient-separated row and those of other seeds. */
  readonly patientDraws: readonly ResultRow[];
  /** What makes what is there, and what would make what is missing. */
  readonly commands: readonly string[];
}

function entryOf(results: ResultIndex, network: string, method: Method): Entry {
  const onPaper = results.find(network, 'paper', method);
  const onPatients = results.find(network, 'patient-separated', method);
  const commands = [onPaper === null ? commandFor(network, 'paper', method) : commandOfRow(onPaper)];
  if (onPatients !== null) commands.push(commandOfRow(onPatients));
  else if (SMALL_NETWORKS.includes(network)) commands.push(commandFor(network, 'patient-separated', method));
  return {
    network,
    method,
    theirs: paperFigures(network, method, 'paper'),
    onPaper,
    onPatients,
    patientDraws: onPatients === null ? [] : results.draws(onPatients),
    commands,
  };
}

const isMeasured = ({ onPaper, onPatients }: Entry): boolean => onPaper !== null || onPatients !== null;

/** The paper's networks under each method. @param optional methods shown only where they were measured */
export function paperEntries(
  results: ResultIndex,
  methods: readonly Method[],
  optional: readonly Method[] = [],
): Entry[] {
  return PAPER_NETWORKS.flatMap((network) => [
    ...methods.map((method) => entryOf(results, network, method)),
    ...optional.map((method) => entryOf(results, network, method)).filter(isMeasured),
  ]);
}

/** What the paper has no table for. */
const OWN_METHODS: readonly Method[] = [
  'quantized+pruned+clustered',
  'per-layer',
  'low-rank',
  'channel-pruned',
  'distilled',
];
const BEATNET_METHODS: readonly Method[] = ['none', 'post-training-quantized'];
const ALL_BUT_CURVES: readonly Method[] = [
  'none',
  'post-training-quantized',
  'quantized',
  'pruned',
  'clustered',
  'clustered+pruned',
  'quantized+pruned',
  ...OWN_METHODS,
];

/** Our own methods on the two small networks, ours under every method, and whatever else was measured of it. */
export function ownEntries(results: ResultIndex): Entry[] {
  return [...NETWORK_NAMES]
    .sort((a, b) => Number(a === 'beatnet') - Number(b === 'beatnet'))
    .flatMap((network) => {
      const isOurs = network === 'beatnet';
      const isExpected = (method: Method): boolean =>
        isOurs ? BEATNET_METHODS.includes(method) : SMALL_NETWORKS.includes(network);
      return (isOurs ? ALL_BUT_CURVES : OWN_METHODS)
        .map((method) => entryOf(results, network, method))
        .filter((entry) => isExpected(entry.method) || isMeasured(entry));
    });
}
