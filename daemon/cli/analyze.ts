/** `rhythmd analyze`: records through the daemon's own stages, to annotation files. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { rhythmSettings } from '@rhythmd/ecg/rhythm/settings.ts';
import { timeResolution } from '@rhythmd/ecg/wfdb/annotation.ts';
import { locateRecord, openRecord, recordName } from '@rhythmd/records/open-record.ts';
import type { RecordReader } from '@rhythmd/records/record-reader.ts';
import { writeAnnotations } from '@rhythmd/records/write-record.ts';
import { readArguments } from '@rhythmd/shell/arguments.ts';
import { EXIT_DONE, EXIT_INTERRUPTED } from '@rhythmd/shell/exit-status.ts';
import type { CommandIo } from '@rhythmd/shell/io.ts';
import { refuseUsage } from '@rhythmd/shell/usage-error.ts';
import { annotationsOf } from '../analyze/annotate.ts';
import { chooseSignals } from '../analyze/choose-signals.ts';
import { progressLine } from '../analyze/progress-line.ts';
import { type AnalysisOptions, RecordAnalysis } from '../analyze/record-analysis.ts';
import { type AnalysisSummary, describeSummary, summaryOf } from '../analyze/summary.ts';
import { type RecordLesson, teachFor } from '../analyze/teach.ts';
import { loadConfig } from '../config/load.ts';
import { configuredPath } from '../config/paths.ts';
import { chosenModel, chosenRhythmNetwork } from './chosen-model.ts';
import { COMMANDS } from './commands.ts';
import { csvOptions, warnOnce } from './record-arguments.ts';

export const endsItself = true;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, operands: records } = readArguments(args, COMMANDS.analyze, io.err);
  const { out, annotator } = values;
  if (!/^[A-Za-z]\w{0,15}$/.test(annotator)) refuseUsage(`"${annotator}" is no annotator's name`);

  const config = loadConfig(values.config, io.environment);
  const folders = config.records.folders.map((folder) => configuredPath(folder, io.environment));
  if (records.length > 1) refuseTwins(records, folders);
  if (records.length > 1 && values.teach !== undefined && !/^\w+$/.test(values.teach))
    refuseUsage('one file teaches of one patient: name an annotator, or analyze one record at a time');
  const classifier = await chosenModel(values.model, config.model);
  const rhythmNetwork = await chosenRhythmNetwork(config.model, io);
  makeFolder(out);
  const warn = warnOnce(io);
  const csv = csvOptions(values);
  const summaries: AnalysisSummary[] = [];
  try {
    for (const name of records) {
      const record = openRecord(name, { folders, csv, warn });
      try {
        const summary = await analyze(
          record,
          {
            classifier,
            rhythmNetwork,
            signals: chooseSignals(record, values.signal),
            settings: rhythmSettings(),
            paced: config.patient.paced,
            interruption: io.signal,
          },
          values.teach ?? null,
          { out, annotator },
          io,
        );
        summaries.push(summary);
        if (!values.json) io.out(describeSummary(summary));
      } finally {
        record.close();
      }
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

/** Two records of one name would write over each other's annotations. */
function refuseTwins(records: readonly string[], folders: readonly string[]): void {
  const seen = new Map<string, string>();
  for (const record of records) {
    const name = recordName(locateRecord(record, folders));
    const twin = seen.get(name);
    if (twin !== undefined && twin !== record)
      refuseUsage(
        `${twin} and ${record} would both be written as ${name}: analyze one at a time, each with an --out of its own`,
      );
    seen.set(name, record);
  }
}

async function analyze(
  record: RecordReader,
  options: Omit<AnalysisOptions, 'onClassifierFailure'>,
  teach: string | null,
  { out, annotator }: { readonly out: string; readonly annotator: string },
  io: CommandIo,
): Promise<AnalysisSummary> {
  const { signals } = options;
  const failures: unknown[] = [];
  const startMs = performance.now();
  const onClassifierFailure = (error: unknown) => failures.push(error);
  const taught: RecordLesson | null =
    teach === null ? null : await teachFor(record, teach, { ...options, onClassifierFailure });
  const findings = await new RecordAnalysis(record, {
    ...options,
    lesson: taught?.lesson ?? null,
    onClassifierFailure,
    onProgress: progressLine(record, io),
  }).run();
  const elapsedMs = performance.now() - startMs;
  // Live, a beat without a name is better than none; in a file it would be taken for a finding.
  if (failures.length > 0) throw failures[0];
  const path = join(out, record.name);
  const { rateHz } = record.header;
  const annotations = annotationsOf(findings, rateHz, signals[0]!);
  // Beside a WFDB record its header says the rate; a file of another kind is not there for WFDB's own readers.
  const resolution = record.container === 'WFDB' ? [] : [timeResolution(rateHz)];
  writeAnnotations(path, annotator, [...resolution, ...annotations]);
  return summaryOf(record, findings, {
    elapsedMs,
    file: `${path}.${annotator}`,
    lead: record.leadNames[signals[0]!]!,
    taught,
  });
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
