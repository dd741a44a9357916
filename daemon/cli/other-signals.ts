/**
 * Signals by which other daemons are told to read their configuration or open their log again. Left alone, HUP would end
 * monitoring in a way that systemd takes for clean (it is not started again), and USR1 would open Node's debugger to every
 * program on this machine. A terminal that hangs up ends what was started in it, in order.
 */
import type { Logger } from '../log/logger.ts';

const IGNORED = ['SIGHUP', 'SIGUSR1'] as const;

/** @returns takes it back */
export function ignoreOtherSignals(log: Logger, isInTerminal: boolean): () => void {
  const listeners = IGNORED.map((name) => {
    const listener = () => {
      if (name === 'SIGHUP' && isInTerminal) process.kill(process.pid, 'SIGTERM');
      else log.info(`${name} means nothing here: configuration is read at the start, and SIGTERM ends it`);
    };
    process.on(name, listener);
    return { name, listener };
  });
  return () => {
    for (const { name, listener } of listeners) process.off(name, listener);
  };
}
