/**
 * docs/figures.md: the project's figures in one place. Each comes from a result file that a command writes; what has not
 * been measured says so. Nothing here is typed by hand.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ResultRow, readResults, seedsFolder } from '@rhythmd/trainer/evaluate/results.ts';
import { ResultIndex } from '@rhythmd/trainer/report/result-index.ts';
import { spreadOfRows } from '@rhythmd/trainer/report/spread.ts';
import { repositoryRoot } from '../support/needs.ts';

interface Row {
  readonly what: string;
  /** null: not measured. */
  readonly figure: string | null;
  readonly command: string;
}

type Json = Readonly<Record<string, unknown>>;

/** A number at `path` of a result file; null where it is not. */
function at(result: Json | null, ...path: readonly (string | number)[]): number | null {
  let value: unknown = result;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return null;
    value = (value as Record<string | number, unknown>)[key];
  }
  return typeof value === 'number' ? value : null;
}

function benchResult(topic: string): Json | null {
  const path = join(repositoryRoot, 'test/bench/results', `${topic}.json`);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Json) : null;
}

/** Figures joined by ` / `; null as soon as one is not there. */
function joined(values: readonly (string | null)[]): string | null {
  return values.every((value) => value !== null) ? values.join(' / ') : null;
}

function rounded(value: number | null, digits: number, unit = ''): string | null {
  return value === null ? null : `${value.toFixed(digits)}${unit}`;
}

const percent = (value: number | null, digits = 1) =>
  rounded(value === null ? null : 100 * value, digits, ' %');
const megabytes = (bytes: number | null, digits = 2) =>
  rounded(bytes === null ? null : bytes / 1e6, digits, ' MB');
const seconds = (ms: number | null) => rounded(ms === null ? null : ms / 1000, 1, ' s');

function detection(): Row[] {
  const result = benchResult('detector');
  const runs = (result?.runs ?? []) as readonly Json[];
  const errors = (leads: number, fitting: string): string | null => {
    const run = runs.find((one) => one.leads === leads && one.fitting === fitting && one.gated === false);
    const missed = at(run ?? null, 'figures', 'standard', 'fn');
    const extra = at(run ?? null, 'figures', 'standard', 'fp');
    return missed === null || extra === null ? null : String(missed + extra);
  };
  const command = 'bench -- detector';
  return [
    {
      what: 'QRS complexes missed and false on 48 MIT-BIH records from 5:00 (EC57), weights that have not seen the patient: first signal / both',
      figure: joined([errors(1, 'cross-fitted'), errors(2, 'cross-fitted')]),
      command,
    },
    {
      what: 'The same with the shipped weights, which have seen these records',
      figure: joined([errors(1, 'shipped'), errors(2, 'shipped')]),
      command,
    },
    {
      what: 'From the R wave to its detection, signal time: median / 99 %',
      figure: joined([
        rounded(at(runs[0] ?? null, 'figures', 'delayP50Ms'), 0, ' ms'),
        rounded(at(runs[0] ?? null, 'figures', 'delayP99Ms'), 0, ' ms'),
      ]),
      command,
    },
  ];
}

function device(): Row[] {
  const daemon = benchResult('daemon');
  const counts = benchResult('instructions');
  const analysis = ((daemon?.analysis ?? []) as readonly Json[]).map((row) => at(row, 'whole') ?? 0);
  const shipped = ((counts?.models ?? []) as readonly Json[]).find(({ model }) => model === 'beatnet2');
  const beat = at(shipped ?? null, 'beat', 'median');
  return [
    {
      what: 'Analysis of a record with the model, one core, times real time: slowest / fastest record',
      figure:
        analysis.length === 0
          ? null
          : joined([Math.min(...analysis), Math.max(...analysis)].map((x) => x.toFixed(0))),
      command: 'bench -- daemon',
    },
    {
      what: 'From the R wave to the verdict (the next beat must be known), signal time: median / 99 %',
      figure: joined([
        rounded(at(daemon, 'verdictDelayMs', 'p50'), 0, ' ms'),
        rounded(at(daemon, 'verdictDelayMs', 'p99'), 0, ' ms'),
      ]),
      command: 'bench -- daemon',
    },
    {
      what: 'Page served / first beat after the start, from the checkout',
      figure: joined([
        seconds(at(daemon, 'startUp', 'checkout', 'pageMs')),
        seconds(at(daemon, 'startUp', 'checkout', 'firstBeatMs')),
      ]),
      command: 'bench -- daemon',
    },
    {
      what: 'Memory (RSS): checkout / bundle for the device',
      figure: joined([
        rounded(at(daemon, 'startUp', 'checkout', 'rssMb'), 0, ' MB'),
        rounded(at(daemon, 'startUp', 'bundle', 'rssMb'), 0, ' MB'),
      ]),
      command: 'bench -- daemon',
    },
    {
      what: 'Instructions a beat of the shipped network, emulated Cortex-A53',
      figure: rounded(beat === null ? null : beat / 1e6, 2, ' million'),
      command: 'bench -- instructions',
    },
  ];
}

function delivery(): Row[] {
  const delay = benchResult('delay');
  const kills = benchResult('delivery');
  const recorder = benchResult('recorder');
  const memory = benchResult('memory');
  const sent = (at(kills, 'beats') ?? Number.NaN) + (at(kills, 'alerts') ?? Number.NaN);
  const lost = kills?.lost;
  const problems = recorder?.problems;
  return [
    {
      what: "R wave to beat message beyond the beat's own delay, 99 %: calm / full disk and ten slow subscribers",
      figure: joined([
        rounded(at(delay, 'calm', 'externalMs', 'p99'), 0, ' ms'),
        rounded(at(delay, 'against', 'externalMs', 'p99'), 0, ' ms'),
      ]),
      command: 'bench -- delay',
    },
    {
      what: 'Stored messages lost over 20 kills of the broker and 20 of the daemon',
      figure: Array.isArray(lost) && Number.isFinite(sent) ? `${lost.length} of ${sent}` : null,
      command: 'bench -- delivery',
    },
    {
      what: 'Recordings damaged by 100 kills; most signal missing',
      figure: Array.isArray(problems)
        ? joined([String(problems.length), seconds(at(recorder, 'loss_ms', 'max'))])
        : null,
      command: 'bench -- recorder',
    },
    {
      what: 'Memory over a day of signal: growth',
      figure: joined([
        `${rounded(at(memory, 'slopeMbPerDay'), 1)} ± ${rounded(at(memory, 'slopeErrorMbPerDay'), 1)} MB a day`,
      ]),
      command: 'bench -- memory',
    },
  ];
}

function networks(): Row[] {
  const rows = new ResultIndex(readResults(), readResults(seedsFolder));
  const accuracy = (row: ResultRow | null) => percent(row?.accuracy ?? null, 2);
  const ofEverySeed = rows.find('beatnet', 'patient-separated', 'quantized');
  const command = 'trainer -- report';
  const compressed = ['resnet50', 'resnet101', 'densenet201', 'mobilenetv2', 'efficientnetb0'].map(
    (network): Row => {
      const small = rows.find(network, 'paper', 'quantized+pruned');
      return {
        what: `${network}, the paper's protocol: accuracy in floats / quantized and pruned / its archive`,
        figure: joined([
          accuracy(rows.find(network, 'paper', 'none')),
          accuracy(small),
          megabytes(small?.archiveBytes ?? null),
        ]),
        command,
      };
    },
  );
  return [
    {
      what: 'beatnet, six classes: accuracy on new patients (DS2, each seed; always “normal” reads 73.3 %) / by the paper’s random split',
      figure: joined([
        ofEverySeed === null
          ? null
          : spreadOfRows(rows.draws(ofEverySeed), undefined, (value) => percent(value)!),
        accuracy(rows.find('beatnet', 'paper', 'quantized')),
      ]),
      command,
    },
    ...compressed,
  ];
}

function page(): Row[] {
  const result = benchResult('page');
  const drawing = (result?.drawing ?? []) as readonly Json[];
  const median = (motion: string) =>
    rounded(at(drawing.find((row) => row.motion === motion) ?? null, 'medianMs'), 1, ' ms');
  return [
    {
      what: 'Drawing a frame of two leads at 1920x1080, median: sweep / scroll',
      figure: joined([median('sweep'), median('scroll')]),
      command: 'bench -- page',
    },
    {
      what: 'Growth of the page’s memory over eight hours',
      figure: rounded(at(result, 'endurance', 'slopeMbPerHour'), 3, ' MB an hour'),
      command: 'bench -- page',
    },
  ];
}

function machineOf(topic: string): string {
  const machine = benchResult(topic)?.machine as Json | undefined;
  return machine === undefined ? 'unknown' : `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}`;
}

export function figuresPage(): string {
  const parts: readonly (readonly [string, Row[]])[] = [
    ['Finding beats', detection()],
    ['Networks', networks()],
    ['The daemon', device()],
    ['Delivery and recordings', delivery()],
    ['The page', page()],
  ];
  return [
    '# Figures',
    '',
    'Every figure is read from a result file (`test/bench/results`, `trainer/results`) that the command beside it writes;',
    '`npm run docs` makes this page. Nothing has been measured on a Pi: instructions are counted in an emulator, times are of',
    `the machine named in the result file (${machineOf('daemon')}). Alarms have their own tables in [alerts.md](alerts.md),`,
    'detection in [detector.md](detector.md), every network in [report.md](report.md).',
    ...parts.flatMap(([title, rows]) => [
      '',
      `## ${title}`,
      '',
      '| what | figure | `npm run ...` |',
      '|---|---|---|',
      ...rows.map(
        ({ what, figure, command }) => `| ${what} | ${figure ?? 'not measured'} | \`${command}\` |`,
      ),
    ]),
    '',
    'Two protocols answer two questions. The random split of the paper asks how well beats of a known patient are told',
    'apart; patient separation asks what to expect of the next patient. Only the second matters at a bedside.',
    '',
  ].join('\n');
}
