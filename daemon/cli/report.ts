/** `rhythmd report`: what a recording holds, on paper: as PDF, as a page, or as JSON for programs. */
import { accessSync, constants } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { readArguments } from '@rhythmd/shell/arguments.ts';
import { EXIT_DONE, EXIT_INTERRUPTED } from '@rhythmd/shell/exit-status.ts';
import type { CommandIo } from '@rhythmd/shell/io.ts';
import { refuseUsage } from '@rhythmd/shell/usage-error.ts';
import { writeWholeFileSync } from '@rhythmd/shell/whole-file.ts';
import { settingsFromConfig } from '../alert/alert-config.ts';
import { readModelFiles } from '../classify/model-files.ts';
import { loadConfig } from '../config/load.ts';
import { configuredPath } from '../config/paths.ts';
import { isMoment } from '../export/recording-at.ts';
import { type FinishedReport, reportJson } from '../report/finished-report.ts';
import { makeReport } from '../report/make-report.ts';
import { reportHtml } from '../report/report-html.ts';
import type { Models } from '../report/report-labels.ts';
import { type ReportLimit, reportParts } from '../report/report-parts.ts';
import { reportPdf } from '../report/report-pdf.ts';
import { reportProgress } from '../report/report-progress.ts';
import { durationText } from '../report/report-time.ts';
import { parseClockTime } from '../score/clock-time.ts';
import { chosenModel, chosenRhythmNetwork } from './chosen-model.ts';
import { COMMANDS } from './commands.ts';
import { csvOptions, recordFoldersOf, warnOnce } from './record-arguments.ts';

export const endsItself = true;

type Render = (report: FinishedReport) => Promise<Iterable<string | Uint8Array>>;

const RENDERERS: Readonly<Record<string, Render>> = {
  json: async (report) => [reportJson(report)],
  html: async (report) => reportHtml(report),
  pdf: async (report) => [await reportPdf(report)],
};

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, operands } = readArguments(args, COMMANDS.report, io.err);
  const { out, annotator = null } = values;
  const render = RENDERERS[/\.(\w+)$/.exec(out)?.[1] ?? ''];
  if (render === undefined) refuseUsage(`--out ${out} is no .pdf, .html or .json`);
  if (annotator !== null && !/^[A-Za-z]\w{0,15}$/.test(annotator)) {
    refuseUsage(`"${annotator}" is no annotator's name`);
  }
  const [from, to] = [limitOf('--from', values.from), limitOf('--to', values.to)];
  if (operands.length === 0 && !(from !== null && 'ms' in from)) {
    refuseUsage('name a record, or say with --from from which moment on, such as 2026-11-22T08:00:00Z');
  }
  if (operands.length === 0 && to !== null && !('ms' in to))
    refuseUsage('--from and --to are both moments here');
  refuseBackwards(from, to);
  refuseUnwritable(out);

  const config = loadConfig(values.config, io.environment);
  const warn = warnOnce(io);
  const folders = recordFoldersOf(values.config, io.environment);
  const open = { folders, csv: csvOptions(values), warn };
  const parts = reportParts({
    records: operands,
    from,
    to,
    folders,
    recordingsFolder: configuredPath(config.recorder.folder, io.environment),
    options: open,
  });
  let models: Promise<Models> | null = null;
  const openModels = () => {
    models ??= openAll(values.model, config.model, io);
    return models;
  };
  try {
    const report = await makeReport(parts, {
      annotator,
      signal: values.signal,
      open,
      models: openModels,
      card: async () => {
        if (models !== null) return (await models).classifier?.card ?? null;
        if (config.model.path === '') return null;
        return readModelFiles(configuredPath(config.model.path)).then(
          ({ card }) => card,
          () => null,
        );
      },
      settings: settingsFromConfig(config.alert),
      paced: config.patient.paced,
      interruption: io.signal,
      nowMs: Date.now(),
      device: config.device.label || config.device.id || null,
      onProgress: reportProgress(io),
    });
    const bytes = writeOut(out, await render(report));
    const { beats, duration_s } = report.holter;
    io.out(`${out}: ${bytes} bytes, ${durationText(duration_s)}, ${beats.total} beats`);
    return EXIT_DONE;
  } catch (error) {
    if (io.signal.aborted) return EXIT_INTERRUPTED;
    throw error;
  } finally {
    const opened: Models | null =
      models === null ? null : await (models as Promise<Models>).catch(() => null);
    await opened?.classifier?.close();
    await opened?.rhythmNetwork?.close();
  }
}

async function openAll(
  argument: string | undefined,
  model: ReturnType<typeof loadConfig>['model'],
  io: CommandIo,
): Promise<Models> {
  const classifier = await chosenModel(argument, model);
  return { classifier, rhythmNetwork: await chosenRhythmNetwork(model, io) };
}

function limitOf(option: string, text: string | undefined): ReportLimit | null {
  if (text === undefined) return null;
  if (isMoment(text)) return { ms: Date.parse(text) };
  const s = parseClockTime(text);
  return s === null
    ? refuseUsage(`${option} ${text} is no time such as 5:00 or 2026-11-22T08:00:00Z`)
    : { s };
}

function refuseBackwards(from: ReportLimit | null, to: ReportLimit | null): void {
  if (from === null || to === null) return;
  const isBackwards = 'ms' in from ? 'ms' in to && to.ms <= from.ms : 's' in to && to.s <= from.s;
  if (isBackwards) refuseUsage('--to is not later than --from');
}

/** Before the work, which may take minutes. */
function refuseUnwritable(out: string): void {
  try {
    accessSync(dirname(resolve(out)), constants.W_OK);
  } catch (cause) {
    throw unwritable(out, cause);
  }
}

/** @returns bytes written; a report that was there before stays until the new one is whole */
function writeOut(path: string, content: Iterable<string | Uint8Array>): number {
  let bytes = 0;
  const counted = function* () {
    for (const part of content) {
      const piece = typeof part === 'string' ? Buffer.from(part) : part;
      bytes += piece.length;
      yield piece;
    }
  };
  try {
    writeWholeFileSync(path, counted());
  } catch (cause) {
    if (cause instanceof RhythmdError) throw cause;
    throw unwritable(path, cause);
  }
  return bytes;
}

function unwritable(path: string, cause: unknown): RhythmdError {
  return new RhythmdError(
    'E_OUT',
    `${path} cannot be written (${(cause as Error).message})`,
    'Name a file in a folder that exists, is writable and has room',
    { cause },
  );
}
