/**
 * `npm run bench -- noise [--models DIR]`: what is called ventricular in electrode motion that is none. Records 118 and 119
 * with the stress test's noise in two of every four minutes from 5:00 on, at three levels, end to end on own peaks: by the
 * network that shipped before and the sibling of today's, which both learnt from these two, and with DIR (fold0/ to fold4/,
 * docs/training.md) by networks that have not seen them.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { annotationsOf } from '@rhythmd/daemon/analyze/annotate.ts';
import { RecordAnalysis } from '@rhythmd/daemon/analyze/record-analysis.ts';
import { toldAlarms, unreadableStretches } from '@rhythmd/daemon/analyze/told-alarms.ts';
import { openModel } from '@rhythmd/daemon/classify/open-model.ts';
import { openRhythmNetwork } from '@rhythmd/daemon/classify/rhythm-network.ts';
import { beatClassOf } from '@rhythmd/ecg/ec57/beat-classes.ts';
import { STANDARD_START_S } from '@rhythmd/ecg/ec57/compare-beats.ts';
import { scoreRecord } from '@rhythmd/ecg/ec57/score.ts';
import { rhythmSettings } from '@rhythmd/ecg/rhythm/settings.ts';
import { MITDB_RECORDS } from '@rhythmd/records/mitdb.ts';
import { noisyLeads } from '@rhythmd/records/noisy-record.ts';
import { openRecord } from '@rhythmd/records/open-record.ts';
import { readAnnotations } from '@rhythmd/records/read-annotations.ts';
import { readRecord } from '@rhythmd/records/read-record.ts';
import type { RecordReader } from '@rhythmd/records/record-reader.ts';
import { fromInstallation } from '@rhythmd/shell/installation.ts';
import { recordsOf } from '@rhythmd/trainer/data/record-source.ts';
import { foldOfRecord } from '@rhythmd/trainer/data/splits.ts';
import type { BenchTopic } from './topic.ts';

const RECORDS = ['118', '119'];
const LEVELS_DB = [12, 6, 0];
const BEFORE = 'models/beatnet';
const SIBLING = 'models/beatnet2-without-ds2';
/** A verdict is told with the beat; that there is noise, some seconds later. */
const TOLD_WITHIN_S = 10;

interface NoiseRow {
  readonly record: string;
  readonly snrDb: number;
  readonly model: string;
  readonly hours: number;
  /** Of the record's own ventricular beats. */
  readonly found: number;
  readonly beats: number;
  readonly false: number;
  /** Of those, with `noise` standing or the lead unreadable within ten seconds. */
  readonly told: number;
}

export const topic: BenchTopic = {
  summary: 'ventricular beats told in electrode motion that are none (records 118 and 119, own peaks)',
  async run(args, progress) {
    const { values } = parseArgs({ args: [...args], options: { models: { type: 'string' } } });
    const rows: NoiseRow[] = [];
    for (const name of RECORDS) {
      const models = [BEFORE, SIBLING].map((path) => ({ title: path, path: fromInstallation(path) }));
      if (values.models !== undefined) {
        const all = [...MITDB_RECORDS, ...recordsOf('svdb')].map((record) => ({ name: record }));
        const path = join(values.models, `fold${foldOfRecord(name, all)}`);
        models.push({ title: 'beatnet2, of its fold', path });
      }
      for (const snrDb of LEVELS_DB)
        for (const { title, path } of models) {
          rows.push({ record: name, snrDb, model: title, ...(await measure(name, snrDb, path)) });
          progress(`${name} at ${snrDb} dB: ${title}`);
        }
    }
    return {
      tables: [
        {
          title: 'False ventricular beats in electrode motion, end to end, from 5:00',
          columns: ['record', 'SNR dB', 'model', 'false V an hour', 'of them where noise is told', 'V found'],
          rows: rows.map((row) => [
            row.record,
            row.snrDb,
            row.model,
            (row.false / row.hours).toFixed(1),
            `${row.told} of ${row.false}`,
            `${row.found} of ${row.beats}`,
          ]),
          note: 'The recipe of the MIT-BIH Noise Stress Test Database: noise in two of every four minutes.',
        },
      ],
      json: { rows },
    };
  },
};

async function measure(
  name: string,
  snrDb: number,
  path: string,
): Promise<Omit<NoiseRow, 'record' | 'snrDb' | 'model'>> {
  const classifier = await openModel(path, 'auto');
  const network = fromInstallation('models/rhythmnet');
  const rhythmNetwork = existsSync(network) ? await openRhythmNetwork(network, 'auto') : null;
  const record = openRecord(name);
  try {
    const findings = await new RecordAnalysis(noisy(record, snrDb), {
      classifier,
      rhythmNetwork,
      signals: record.leadNames.map((_, signal) => signal),
      settings: rhythmSettings(),
      onClassifierFailure: (error) => {
        throw error;
      },
      interruption: new AbortController().signal,
    }).run();
    const { rateHz } = record;
    const test = annotationsOf(findings, rateHz, 0);
    const { pairs, statistics } = scoreRecord(name, readAnnotations(name, 'atr'), test, {
      rateHz,
      fromSample: Math.round(STANDARD_START_S * rateHz),
      endSample: record.sampleCount,
    });
    const told = [
      ...toldAlarms(findings.alerts)
        .filter(({ kind }) => kind === 'noise')
        .map(({ told_s, end_s }) => [told_s, end_s ?? Number.POSITIVE_INFINITY] as const),
      ...unreadableStretches(findings.quality, findings.sampleCount),
    ];
    const isTold = (s: number): boolean => told.some(([from, to]) => s > from - TOLD_WITHIN_S && s < to);
    const wrong = pairs.filter(
      ({ reference, test: own }) =>
        own !== null &&
        beatClassOf(own.code) === 'V' &&
        (reference === null || ['N', 'S'].includes(beatClassOf(reference.code))),
    );
    const { tp, fn } = statistics.veb;
    return {
      hours: record.sampleCount / rateHz / 3600 - STANDARD_START_S / 3600,
      found: tp,
      beats: tp + fn,
      false: wrong.length,
      told: wrong.filter(({ test: own }) => isTold(own!.sample / rateHz)).length,
    };
  } finally {
    record.close();
    await classifier.close();
    await rhythmNetwork?.close();
  }
}

/** The same record with noise, in counts of its own gain. */
function noisy(record: RecordReader, snrDb: number): RecordReader {
  const leads = noisyLeads(readRecord(record.name), { noise: 'em', snrDb });
  const { name, path, container, header, rateHz, sampleCount, leadNames, annotations } = record;
  return {
    name,
    path,
    container,
    header,
    rateHz,
    sampleCount,
    leadNames,
    annotations,
    read: (first, count) =>
      leads.map((lead, signal) => {
        const { gain, baseline } = header.signals[signal]!;
        return Int32Array.from(lead.subarray(first, first + count), (mv) => Math.round(mv * gain + baseline));
      }),
    close: () => {},
  };
}
