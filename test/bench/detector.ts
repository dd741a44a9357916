/**
 * How well the QRS detector finds beats: EC57 counts, noise, place, delay, speed, on the MIT-BIH records.
 * `npm run trainer -- detector` makes the weights anew.
 */
import { MITDB_RECORDS } from '@rhythmd/records/mitdb.ts';
import { noisyLeads } from '@rhythmd/records/noisy-record.ts';
import { readRecord } from '@rhythmd/records/read-record.ts';
import { type Errors, type ReferencedRecord, readReferenced } from '@rhythmd/trainer/detector/beats.ts';
import { crossFittedWeights } from '@rhythmd/trainer/detector/cross-fit.ts';
import { type Figures, type MeasureOptions, measure } from './detector/measure.ts';
import { measureSpeed, type SpeedFigures } from './detector/measure-speed.ts';
import { type PeerErrors, readPeers } from './detector/peers.ts';
import type { BenchResult, BenchTopic, ResultTable } from './topic.ts';

/** These hold 72 % of the errors of the detectors that are published. */
const HARD_RECORDS = ['108', '203', '105', '201', '219', '210', '208', '114'];
const NOISY_RECORDS = ['118', '119'];
const SNRS_DB = [24, 12, 6, 0];

/** Which weights: the shipped ones have seen every record; the cross-fitted have not seen the patient. */
type Fitting = 'shipped' | 'cross-fitted' | 'none';
/** Rates the records are resampled to. */
const RATES_HZ = [100, 128, 250, 500, 1000];

interface Run {
  readonly leads: number;
  readonly fitting: Fitting;
  readonly gated: boolean;
  readonly figures: Figures;
}

interface NoiseRun extends Run {
  readonly snrDb: number;
}

export const topic: BenchTopic = {
  summary: 'QRS detection by EC57, in noise, its place, delay and speed (MIT-BIH records)',
  async run(_args, progress): Promise<BenchResult> {
    const records = MITDB_RECORDS.map(readReferenced);
    progress('speed');
    const speed = measureSpeed(records);
    const runs: Run[] = [];
    const noise: NoiseRun[] = [];
    for (const leads of [1, 2]) {
      for (const fitting of ['shipped', 'cross-fitted'] as const) {
        for (const gated of [false, true]) {
          progress(`${leads} signal(s), ${fitting} weights, gate ${gated ? 'on' : 'off'}`);
          const options: MeasureOptions =
            fitting === 'shipped' ? { leads, gated } : { leads, gated, weightsFor: crossFittedWeights };
          runs.push({ leads, fitting, gated, figures: measure(records, options) });
          for (const snrDb of SNRS_DB) {
            noise.push({ leads, fitting, gated, snrDb, figures: measureNoisy(records, snrDb, options) });
          }
        }
      }
    }
    progress('the plain rule, other sample rates');
    const rule = measure(records, { leads: 1, gated: false, weightsFor: () => null });
    runs.push({ leads: 1, fitting: 'none', gated: false, figures: rule });
    const rates = RATES_HZ.map((rateHz) => {
      const options = { leads: 1, gated: false, weightsFor: crossFittedWeights, rateHz };
      return { rateHz, figures: measure(records, options) };
    });
    return {
      tables: tablesOf(runs, noise, rates, speed),
      json: { speed, runs, noise: noise.map(withoutRecords), rates: rates.map(withoutRecords) },
    };
  },
};

function measureNoisy(records: readonly ReferencedRecord[], snrDb: number, options: MeasureOptions): Figures {
  const noisy = records.filter(({ name }) => NOISY_RECORDS.includes(name));
  const leadsOf = ({ name }: ReferencedRecord) => noisyLeads(readRecord(name), { noise: 'em', snrDb });
  return measure(noisy, { ...options, leadsOf });
}

/** A run for the result file: the errors of each record are kept for the plain runs alone. */
function withoutRecords<T extends { readonly figures: Figures }>(run: T): object {
  return { ...run, figures: { ...run.figures, records: [] } };
}

interface RateRun {
  readonly rateHz: number;
  readonly figures: Figures;
}

function tablesOf(
  runs: readonly Run[],
  noise: readonly NoiseRun[],
  rates: readonly RateRun[],
  speed: SpeedFigures,
): ResultTable[] {
  const named = ({ leads, fitting, gated }: Run) => [
    leads === 1 ? 'first' : 'both',
    fitting,
    gated ? 'on' : 'off',
  ];
  return [
    {
      title: 'QRS detection, EC57, gross, 48 records',
      columns: ['signals', 'weights', 'gate', 'Se', '+P', 'FN', 'FP', 'FN + FP', 'X', 'whole: FN + FP'],
      rows: runs.map((run) => {
        const { standard, whole } = run.figures;
        return [
          ...named(run),
          ...ratesOf(standard),
          ...countsOf(standard),
          standard.shutdown,
          errorsOf(whole),
        ];
      }),
      note:
        'From 5:00; "whole" from 0:00 (not standard). X: missed beats inside stretches the gate marked, part of FN. ' +
        'Cross-fitted: weights learned on one half of the patients, measured on the other.',
    },
    {
      title: 'The eight hard records, first signal, gate off, from 5:00: FN + FP',
      columns: ['weights', ...HARD_RECORDS, 'other 40', 'all'],
      rows: [
        ...readPeers().map(peerRow),
        ...runs.filter(({ leads, gated }) => leads === 1 && !gated).map(hardRow),
      ],
      note: 'Weights "none": a plain threshold on the envelope, which training starts from.',
    },
    {
      title: 'The same with both signals',
      columns: ['weights', ...HARD_RECORDS, 'other 40', 'all'],
      rows: runs.filter(({ leads, gated }) => leads === 2 && !gated).map(hardRow),
    },
    {
      title: 'Electrode motion on records 118 and 119, from 5:00',
      columns: ['signals', 'weights', 'gate', 'SNR dB', 'Se', '+P', 'Se, X apart', 'X % of beats'],
      rows: noise.map((run) => {
        const { standard } = run.figures;
        const { tp, fn, shutdown } = standard;
        const apart = percent(tp, tp + fn - shutdown);
        return [...named(run), run.snrDb, ...ratesOf(standard), apart, percent(shutdown, tp + fn)];
      }),
      note: 'X apart: without the beats in stretches marked unreadable.',
    },
    {
      title: 'First signal at other sample rates, cross-fitted weights, from 5:00',
      columns: ['rate Hz', 'FN', 'FP', 'FN + FP', 'whole: FN + FP'],
      rows: rates.map(({ rateHz, figures }) => [
        rateHz,
        ...countsOf(figures.standard),
        errorsOf(figures.whole),
      ]),
      note: 'The records resampled, then given to the detector at that rate.',
    },
    {
      title: 'Place, delay, speed; first signal, shipped weights',
      columns: ['figure', 'value'],
      rows: [
        [
          "R position, 95 % within (each record's median distance removed), ms",
          runs[0]!.figures.placeP95Ms.toFixed(1),
        ],
        ['R position, 95 % within (one median for all), ms', runs[0]!.figures.placeOneOffsetP95Ms.toFixed(1)],
        ['delay from R to the peak event, median, ms', runs[0]!.figures.delayP50Ms.toFixed(0)],
        ['delay from R to the peak event, 99th percentile, ms', runs[0]!.figures.delayP99Ms.toFixed(0)],
        ['speed, median over records, million samples a second', speed.medianMsamplesPerS.toFixed(1)],
        ['speed, slowest record', speed.slowestMsamplesPerS.toFixed(1)],
      ],
      note: 'Speed by processor time, one core, 650,000 samples in memory, best of eight a record.',
    },
  ];
}

function hardRow({ fitting, figures }: Run): (string | number)[] {
  let hard = 0;
  const cells = HARD_RECORDS.map((name) => {
    const { standard } = figures.records.find(({ record }) => record === name)!;
    hard += errorsOf(standard);
    return `${standard.fn} + ${standard.fp}`;
  });
  return [fitting, ...cells, errorsOf(figures.standard) - hard, errorsOf(figures.standard)];
}

function peerRow({ peer, errors }: PeerErrors): (string | number)[] {
  let all = 0;
  for (const { fn, fp } of errors.values()) all += fn + fp;
  let hard = 0;
  const cells = HARD_RECORDS.map((name) => {
    const { fn, fp } = errors.get(name) ?? { fn: 0, fp: 0 };
    hard += fn + fp;
    return `${fn} + ${fp}`;
  });
  return [peer, ...cells, all - hard, all];
}

const errorsOf = ({ fn, fp }: Errors): number => fn + fp;
const countsOf = (errors: Errors): number[] => [errors.fn, errors.fp, errorsOf(errors)];
const percent = (part: number, whole: number): string => ((100 * part) / whole).toFixed(3);
const ratesOf = ({ tp, fn, fp }: Errors): string[] => [percent(tp, tp + fn), percent(tp, tp + fp)];
