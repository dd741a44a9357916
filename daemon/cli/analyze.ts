/** `rhythmd analyze`: records through the daemon's own stages, to annotation files. */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describeError, RhythmdError } from '@rhythmd/ecg/errors.ts';
import { rhythmSettings } from '@rhythmd/ecg/rhythm/settings.ts';
import { readRecord, type WfdbRecord } from '@rhythmd/records/read-record.ts';
import { writeAnnotations } from '@rhythmd/records/write-record.ts';
import { annotationsOf } from '../analyze/annotate.ts';
import { RecordAnalysis } from '../analyze/record-analysis.ts';
import { type AnalysisSummary, describeSummary, summaryOf } from '../analyze/summary.ts';
import type { Classifier } from '../classify/classifier.ts';
import { openModel } from '../classify/open-model.ts';
import { openRhythmNetworkIfThere, type RhythmNetwork } from '../classify/rhythm-network.ts';
import { loadConfig } from '../config/load.ts';
import { configuredPath } from '../config/paths.ts';
import { readArguments, refuseUsage } from './arguments.ts';
import { EXIT_DONE, EXIT_INTERRUPTED } from './exit-status.ts';
import type { CommandIo } from './io.ts';

const USAGE =
  'analyze RECORD... --out DIR [--annotator rhy] [--model FILE] [--signal N|NAME] [--config FILE] [--json]';

const OPTIONS = {
  out: { type: 'string' },
  annotator: { type: 'string', default: 'rhy' },
  model: { type: 'string' },
  signal: { type: 'string' },
  config: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals: records } = readArguments(args, OPTIONS, USAGE);
  if (records.length === 0) refuseUsage('which record?', USAGE);
  const { out, annotator } = values;
  if (out === undefined) return refuseUsage('--out DIR is missing', USAGE);
  if (!/^[A-Za-z]\w{0,15}$/.test(annotator)) refuseUsage(`"${annotator}" is no annotator's name`, USAGE);

  const config = loadConfig(values.config, io.environment);
  const folders = config.records.folders.map((folder) => configuredPath(folder, io.environment));
  const classifier = await chosenModel(
    values.model,
    configuredPath(config.model.path),
    config.model.path === '',
  );
  const { rhythm_path } = config.model;
  const rhythmNetwork =
    rhythm_path === ''
      ? null
      : await openRhythmNetworkIfThere(configuredPath(rhythm_path), (problem) =>
          io.err(describeError(problem)),
        );
  makeFolder(out);
  const summaries: AnalysisSummary[] = [];
  try {
    for (const name of records) {
      const record = readRecord(name, folders);
      const summary = await analyze(record, { classifier, rhythmNetwork }, values.signal, out, annotator, io);
      summaries.push(summary);
      if (!values.json) io.out(describeSummary(summary));
    }
  } catch (error) {
    if (io.signal.aborted) return EXIT_INTERRUPTED;
    throw error;
  } finally {
    await classifier?.close();
    await rhythmNetwork?.close();
  }
  if (values.json) io.out(JSON.stringify({ model: classifier?.card ?? null, records: summaries }, null, 2));
  return EXIT_DONE;
}

interface Networks {
  readonly classifier: Classifier | null;
  readonly rhythmNetwork: RhythmNetwork | null;
}

async function analyze(
  record: WfdbRecord,
  networks: Networks,
  signalArgument: string | undefined,
  out: string,
  annotator: string,
  io: CommandIo,
): Promise<AnalysisSummary> {
  const signal = signalArgument === undefined ? null : signalNumber(record, signalArgument);
  const failures: unknown[] = [];
  const startMs = performance.now();
  const findings = await new RecordAnalysis(record, {
    ...networks,
    signal,
    settings: rhythmSettings(),
    onClassifierFailure: (error) => failures.push(error),
    interruption: io.signal,
  }).run();
  const elapsedMs = performance.now() - startMs;
  // Live, a beat without a name is better than none; in a file it would be taken for a finding.
  if (failures.length > 0) throw failures[0];
  const path = join(out, record.name);
  writeAnnotations(path, annotator, annotationsOf(findings, record.rateHz, signal ?? 0));
  return summaryOf(record, findings, elapsedMs, `${path}.${annotator}`);
}

/** A model named on the command line is a path from here; the configured one is from the installation. */
async function chosenModel(
  argument: string | undefined,
  configured: string,
  none: boolean,
): Promise<Classifier | null> {
  if (argument !== undefined) return argument === '' ? null : openModel(resolve(argument));
  return none ? null : openModel(configured);
}

/** @throws E_SIGNAL_UNKNOWN naming the signals there are */
function signalNumber(record: WfdbRecord, argument: string): number {
  const byName = record.leadNames.indexOf(argument);
  const signal = byName >= 0 ? byName : /^\d+$/.test(argument) ? Number(argument) : -1;
  if (signal >= 0 && signal < record.leads.length) return signal;
  const names = record.leadNames.map((name, i) => `${i} (${name})`).join(', ');
  throw new RhythmdError(
    'E_SIGNAL_UNKNOWN',
    `record ${record.name} has no signal ${argument}`,
    `It has ${names}.`,
  );
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new RhythmdError('E_OUT_FOLDER', `cannot make ${path} (${reason})`, 'Choose another --out.', {
      cause,
    });
  }
}
