/** `rhythmd ward`: serves the ward page, until it is interrupted; with `--demo` also a broker and eight patients. */

import { describeError } from '@rhythmd/ecg/errors.ts';
import { readArguments } from '@rhythmd/shell/arguments.ts';
import type { CommandIo } from '@rhythmd/shell/io.ts';
import { UsageError } from '@rhythmd/shell/usage-error.ts';
import { loadConfig } from '../config/load.ts';
import { configuredPath } from '../config/paths.ts';
import type { Config } from '../config/schema.ts';
import { createLogging, type Logger } from '../log/logger.ts';
import { startDemoBroker } from '../ward/demo-broker.ts';
import { type DemoWard, startDemoWard } from '../ward/demo-ward.ts';
import { lookAtBroker } from '../ward/look-at-broker.ts';
import { wardPage } from '../ward/ward-page.ts';
import { webOptions } from '../web/web-config.ts';
import { COMMANDS } from './commands.ts';
import { statusWhenInterrupted } from './interrupted.ts';
import { ignoreOtherSignals } from './other-signals.ts';

export const endsItself = true;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = readArguments(args, COMMANDS.ward, io.err);
  const given = values.broker ?? [];
  if (given.length === 0 && !values.demo) throw new UsageError('--broker URL is missing, or --demo');
  if (values.beds !== undefined && values['beds-topic'] !== undefined) {
    throw new UsageError('--beds and --beds-topic: one list is enough');
  }
  const config = loadConfig(values.config, io.environment);
  const log = createLogging(config.log, io.err, Date.now);
  const heedAgain = ignoreOtherSignals(log('ward'), process.stdin.isTTY === true);
  const parts: { stop(): Promise<void> }[] = [];
  try {
    const brokers = [...given];
    let demo: DemoWard | null = null;
    if (values.demo) {
      const broker = await startDemoBroker(0);
      parts.push(broker);
      brokers.push(broker.url);
      demo = await startPatients(config, broker.url, io);
      parts.push(demo);
    }
    const page = wardPage({
      web: { ...webOptions(config.web, io.environment), port: values.port },
      brokers,
      beds: values.beds ?? demo?.ward ?? null,
      bedsTopic: values['beds-topic'] ?? null,
      onError: (text) => log('ward').error(text),
    });
    const { url } = await page.start();
    parts.push(page);
    say(log('ward'), url, brokers);
    for (const broker of brokers) {
      void lookAtBroker(broker).then((problem) => {
        if (problem !== null) log('ward').warn(() => describeError(problem));
      });
    }
    await untilAborted(io.signal);
  } finally {
    for (const part of parts.reverse()) await part.stop();
    heedAgain();
  }
  return statusWhenInterrupted(['ward'], io.signal.reason);
}

function startPatients(config: Config, broker: string, io: CommandIo): Promise<DemoWard> {
  const folders = config.records.folders.map((folder) => configuredPath(folder, io.environment));
  // Eight daemons have much to say of themselves: only what is wrong.
  const log = createLogging({ ...config.log, level: 'error' }, io.err, Date.now);
  return startDemoWard(config, broker, folders, { environment: io.environment, log });
}

function say(log: Logger, url: string, brokers: readonly string[]): void {
  log.info(`the ward is at ${url}, and listens to ${brokers.join(', then ')}`);
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
