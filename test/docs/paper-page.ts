/** docs/paper.md: the paper's questions and our answers, from result files alone. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { medianOf } from '@rhythmd/trainer/evaluate/new-patients.ts';
import type { ResultRow } from '@rhythmd/trainer/evaluate/result-row.ts';
import { readEveryDraw } from '@rhythmd/trainer/evaluate/results.ts';
import { CLOCK_HZ, FAST_HEART_PER_MINUTE } from '@rhythmd/trainer/report/device-counts.ts';
import { isAccurate, smallestOf } from '@rhythmd/trainer/report/sections/answers/smallest.ts';
import { repositoryRoot } from '../support/needs.ts';

interface OnDevice {
  readonly network: string;
  readonly fileBytes: number;
  readonly memoryBytes: number;
  readonly instructions: { readonly a53?: number; readonly arm1176?: number } | null;
  readonly refused: string | null;
}

type Trained = Pick<ResultRow, 'accuracy' | 'archiveBytes' | 'fileBytes'>;

const TITLES: Readonly<Record<string, string>> = {
  resnet50: 'ResNet50',
  resnet101: 'ResNet101',
  densenet201: 'DenseNet201',
  mobilenetv2: 'MobileNetV2',
  efficientnetb0: 'EfficientNetB0',
  beatnet: 'beatnet (ours)',
  'beatnet-context': 'beatnet-context (ours)',
  beatnet2: 'beatnet2 (ours, ships)',
};
/** What is assumed, for want of a device: both processors need two cycles for an instruction on average. */
const CYCLES_PER_INSTRUCTION = 2;

const HEAD = `# The paper's questions, answered

L. Birton asks whether a CNN can be compressed enough to classify heartbeats on a Raspberry Pi Zero, in two parts: how accurate
is it then, and what does it need of the device? The first is answered by [the report](report.md), for every network, method
and split; the second here. \`npm run docs\` makes this page of result files; \`npm run bench -- paper\` counts the instructions.

Nothing was measured on hardware. Instructions are counted in emulated processors: an ARM1176 (the original Zero, one core at
1 GHz, 512 MB), which has no other runtime than our own executor, and a Cortex-A53 (Zero 2 W). They say what has to be done, not how
long it takes; the last two columns assume ${CYCLES_PER_INSTRUCTION} cycles an instruction and a heart at ${FAST_HEART_PER_MINUTE}/min.
`;

/** What the networks need of the device, as far as it was counted. */
export function paperPage(): string {
  const draws = readEveryDraw();
  const rows =
    read<{ readonly networks: readonly OnDevice[] }>('test/bench/results/paper.json')?.networks ?? [];
  const onnxruntime = countedByRuntime();
  const table = [
    '| network in 8 bits | accuracy, random split / new patients | archive | file / memory | a beat, ARM1176 / A53 | A53 by onnxruntime | of a core at 180/min: ARM1176 | A53 |',
    '|---|---|---|---|---|---|---|---|',
    ...Object.keys(TITLES).map((network) => {
      const row = rows.find((one) => one.network === network) ?? notCounted(network);
      return line(row, onnxruntime.get(network) ?? null, ofNewPatients(draws, network));
    }),
  ];
  return `${HEAD}
## Time and memory

${table.join('\n')}

Accuracy and archive are of the quantized and pruned network, of beatnet-context of the one quantized after training; of new patients it
is the median where it was trained more than once. Memory is the executor's:
weights and every value of a beat; Node and the rest of the daemon take what [figures](figures.md) and \`npm run bench -- device\`
say. The large networks are counted with untrained weights: what a beat takes does not depend on them. A dash: not trained,
or not counted yet. A share above 100 % means that beats come faster than they are named.

${answer(rows)}
${archives(draws)}`;
}

/** Archives with fewer channels, which cost less than their whole networks: of each network the smallest that names 98 %. */
function archives(draws: readonly ResultRow[]): string {
  const counted = draws.filter((row) => row.onDevices !== undefined && isAccurate(row));
  const smallest = Object.keys(TITLES).flatMap(
    (network) => smallestOf(counted.filter((row) => row.network === network)) ?? [],
  );
  if (smallest.length === 0) return '';
  const table = [
    '| network | accuracy, random split | archive | memory | a beat, ARM1176 / A53 | of a core at 180/min: ARM1176 | A53 |',
    '|---|---|---|---|---|---|---|',
    ...smallest.map(({ network, accuracy, archiveBytes, onDevices }) => {
      const { memoryBytes, instructions } = onDevices!;
      const cells = [
        TITLES[network] ?? network,
        percent(accuracy),
        `${(archiveBytes / 1e6).toFixed(3)} MB`,
        `${size(memoryBytes, 1)} MB`,
        `${million(instructions?.arm1176)} / ${million(instructions?.a53)}`,
        share(instructions?.arm1176),
        share(instructions?.a53),
      ];
      return `| ${cells.join(' | ')} |`;
    }),
  ];
  return `
## With channels left out

The same networks with most of their channels left out, and bits chosen layer by layer: the smallest archive of each that names 98 %
of the test beats, where it was counted (\`npm run bench -- paper --archives\`).

${table.join('\n')}
`;
}

/** What is known without counting: the file's size, where a result has it. */
function notCounted(network: string): OnDevice {
  const fileBytes = trained(network)?.fileBytes ?? 0;
  return { network, fileBytes, memoryBytes: 0, instructions: null, refused: null };
}

function line(row: OnDevice, runtime: number | null, newPatients: number | undefined): string {
  const { network, fileBytes, memoryBytes, instructions } = row;
  const paper = trained(network);
  const cells = [
    TITLES[network] ?? network,
    `${percent(paper?.accuracy)} / ${percent(newPatients)}`,
    paper === null ? '-' : `${(paper.archiveBytes / 1e6).toFixed(2)} MB`,
    `${size(paper?.fileBytes ?? fileBytes, 2)} / ${size(memoryBytes, 1)} MB`,
    row.refused ?? `${million(instructions?.arm1176)} / ${million(instructions?.a53)}`,
    million(runtime),
    share(instructions?.arm1176),
    share(instructions?.a53),
  ];
  return `| ${cells.join(' | ')} |`;
}

const million = (value: number | null | undefined) => (value == null ? '-' : `${(value / 1e6).toFixed(1)} M`);

const size = (bytes: number, digits: number) => (bytes === 0 ? '-' : (bytes / 1e6).toFixed(digits));

function shareOf(instructions: number): number {
  return (instructions * CYCLES_PER_INSTRUCTION * FAST_HEART_PER_MINUTE) / 60 / CLOCK_HZ;
}

function share(instructions: number | undefined): string {
  if (instructions === undefined) return '-';
  const percentage = 100 * shareOf(instructions);
  return `${percentage < 10 ? percentage.toFixed(1) : percentage.toFixed(0)} %`;
}

/** What follows of the table for each processor. */
function answer(rows: readonly OnDevice[]): string {
  const on = (name: 'arm1176' | 'a53') => {
    const counted = rows.filter(({ instructions }) => instructions?.[name] !== undefined);
    const fits = counted.filter(({ instructions }) => shareOf(instructions![name]!) < 0.5);
    const not = counted.filter((row) => !fits.includes(row));
    const names = (some: readonly OnDevice[]) =>
      some.map(({ network }) => TITLES[network] ?? network).join(', ') || 'none';
    return `leaves at least half of a core: ${names(fits)}; does not: ${names(not)}`;
  };
  if (rows.length === 0)
    return 'Nothing has been counted by our own executor yet, and so the second question has no answer for the ARM1176.';
  return `**In real time, with the assumption above.** On the ARM1176 ${on('arm1176')}. On one core of the Cortex-A53 ${on('a53')}.`;
}

function trained(network: string): Trained | null {
  return (
    read<Trained>(`trainer/results/${network}-paper-quantized-pruned.json`) ??
    read<Trained>(`trainer/results/${network}-paper-post-training-quantized.json`)
  );
}

/** The median of every training; undefined: none. */
function ofNewPatients(draws: readonly ResultRow[], network: string): number | undefined {
  const own = draws.filter(
    (row) =>
      row.network === network && row.protocol === 'patient-separated' && row.method === 'quantized+pruned',
  );
  return medianOf(own.map(({ accuracy }) => accuracy)) ?? undefined;
}

function countedByRuntime(): ReadonlyMap<string, number> {
  const models =
    read<{
      readonly models: readonly { readonly model: string; readonly beat: { readonly median: number } }[];
    }>('test/bench/results/instructions.json')?.models ?? [];
  const named = models.map(
    ({ model, beat }) => [model.replace('-quantized-pruned.zip', ''), beat.median] as const,
  );
  return new Map(named);
}

const percent = (value: number | undefined) => (value === undefined ? '-' : `${(100 * value).toFixed(1)} %`);

function read<T>(path: string): T | null {
  const file = join(repositoryRoot, path);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : null;
}
