/** `rhythmd run`: the daemon, until it is interrupted. */
import { resolve } from 'node:path';
import { readArguments } from '@rhythmd/shell/arguments.ts';
import { EXIT_FAILED } from '@rhythmd/shell/exit-status.ts';
import type { CommandIo } from '@rhythmd/shell/io.ts';
import { readModelFiles } from '../classify/model-files.ts';
import { loadConfig } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import { Daemon } from '../daemon.ts';
import { armLastResort } from '../last-resort.ts';
import { createLogging } from '../log/logger.ts';
import { ServiceNotice } from '../service-notice.ts';
import { COMMANDS } from './commands.ts';
import { statusWhenInterrupted } from './interrupted.ts';
import { ignoreOtherSignals } from './other-signals.ts';

export const endsItself = true;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = readArguments(args, COMMANDS.run, io.err);
  // What is written is a patient's: for nobody else on this machine, wherever it is written.
  process.umask(0o077);
  const configured = loadConfig(values.config, io.environment);
  const config = values.model === undefined ? configured : await withModel(configured, values.model);
  const log = createLogging(config.log, io.err, Date.now);
  const daemon = new Daemon(config, { environment: io.environment, log });
  const notice = new ServiceNotice(io.environment);
  const disarm = armLastResort({
    save: () => daemon.save(),
    say: (line) => log('daemon').error(line),
    end: () => process.exit(EXIT_FAILED),
  });
  const heedAgain = ignoreOtherSignals(log('daemon'), process.stdin.isTTY === true);
  const ended = untilAborted(io.signal);
  try {
    // An end that is asked for while we start is not kept waiting for a board, a model or a broker.
    await Promise.race([daemon.start(), ended]);
    if (!io.signal.aborted) notice.ready();
    await ended;
  } finally {
    notice.stopping();
    await daemon.stop();
    disarm();
    heedAgain();
  }
  return statusWhenInterrupted(['run'], io.signal.reason);
}

/**
 * A model asked for by name must be there; the configured one may be missing, and beats pass unclassified.
 * @throws E_MODEL_...
 */
async function withModel(config: Config, file: string): Promise<Config> {
  const path = resolve(file);
  await readModelFiles(path);
  return { ...config, model: { ...config.model, path } };
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
