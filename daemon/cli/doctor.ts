/** `rhythmd doctor`: looks at everything between the electrode and the broker, each finding with its fix. */

import { readArguments } from '@rhythmd/shell/arguments.ts';
import { EXIT_DONE, EXIT_FAILED } from '@rhythmd/shell/exit-status.ts';
import type { CommandIo } from '@rhythmd/shell/io.ts';
import { loadConfig } from '../config/load.ts';
import { configuredPath } from '../config/paths.ts';
import { computerFindings } from '../doctor/computer-findings.ts';
import { findBaud } from '../doctor/find-baud.ts';
import type { Finding, Verdict } from '../doctor/finding.ts';
import { listenTo } from '../doctor/listening.ts';
import { sourceFindings } from '../doctor/source-findings.ts';
import { brokerFinding, clockFinding, diskFinding, modelFinding } from '../doctor/system-findings.ts';
import { openSource } from '../source/open-source.ts';
import { sourceOptions } from '../source/source-config.ts';
import { parseSourceUrl } from '../source/source-url.ts';
import { COMMANDS } from './commands.ts';

const MARK: Readonly<Record<Verdict, string>> = { ok: 'ok', warning: 'WARN', problem: 'FAIL', unknown: '?' };

export const endsItself = true;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = readArguments(args, COMMANDS.doctor, io.err);
  const { seconds } = values;
  const config = loadConfig(values.config, io.environment);
  const { source, records } = config;
  const address = parseSourceUrl(source.url);
  const options = {
    ...sourceOptions(source),
    recordFolders: records.folders.map((folder) => configuredPath(folder, io.environment)),
    watchdog: { stallMs: 1500, reopenMs: 600_000 },
  };
  if (!values.json) io.err(`listening to ${source.url} for ${seconds} s`);
  const heard = await listenTo(openSource(source.url, options), seconds, io.signal);
  const foreign = heard.samples === 0 && (heard.statistics.frames?.bytes ?? 0) > 0;
  const path = address.kind === 'serial' ? address.path : null;
  if (foreign && path !== null && !values.json) io.err('bytes without sense: trying other speeds');
  const wrongBaud =
    foreign && path !== null && address.kind === 'serial'
      ? await findBaud(path, address.baud, io.signal)
      : null;
  const findings = [
    ...sourceFindings(heard, wrongBaud),
    await clockFinding(),
    await brokerFinding(config),
    await modelFinding(config, io.environment),
    await diskFinding(config, io.environment),
    ...(await computerFindings(configuredPath(config.recorder.folder, io.environment))),
  ];
  if (values.json) io.out(JSON.stringify({ findings }, null, 2));
  else for (const finding of findings) io.out(line(finding));
  return findings.some(({ verdict }) => verdict === 'problem') ? EXIT_FAILED : EXIT_DONE;
}

function line({ name, verdict, text, fix }: Finding): string {
  const end = fix === '' ? '' : ` -> ${fix}`;
  return `${MARK[verdict].padEnd(5)}${name.padEnd(12)}${text}.${end}`;
}
