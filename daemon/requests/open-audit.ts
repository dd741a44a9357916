/** The audit file and the gateway's rules, from the configuration. */

import { describeError } from '@rhythmd/ecg/errors.ts';
import { MEGABYTE } from '@rhythmd/shell/megabyte.ts';
import { configuredPath } from '../config/paths.ts';
import type { Config } from '../config/schema.ts';
import type { Logger } from '../log/logger.ts';
import { seldom } from '../net/seldom.ts';
import { AuditLog } from './audit-log.ts';
import type { GatewayRules } from './gateway.ts';
import { isChange, refuseRequest } from './permission.ts';

export interface AuditSurroundings {
  readonly environment: NodeJS.ProcessEnv;
  readonly log: Logger;
}

/** What changed of the alert limits since the last run is the first thing it notes. @returns null when it is off */
export function openAudit(
  { audit, alert }: Pick<Config, 'audit' | 'alert'>,
  { environment, log }: AuditSurroundings,
): AuditLog | null {
  if (audit.folder === '') return null;
  const warn = seldom((text) => log.warn(text));
  const file = new AuditLog({
    folder: configuredPath(audit.folder, environment),
    maxBytes: audit.max_mb * MEGABYTE,
    nowMs: Date.now,
    onFailure: (error) => warn(`nothing is written down: ${reasonOf(error)}`),
  });
  void file.noteLimits(alert, { via: 'configuration', user: null, from: null });
  return file;
}

export function gatewayRules({ mqtt }: Pick<Config, 'mqtt'>, audit: AuditLog | null): GatewayRules {
  const hasUsers = mqtt.embedded_users !== '';
  return {
    refuse: (verb, requester) => refuseRequest(mqtt.requests, hasUsers, verb, requester),
    onAnswered: (what, body, by, outcome) => {
      if (isChange(what)) audit?.add({ what, body, outcome, by });
    },
  };
}

/** What the disk says needs no stack. */
function reasonOf(error: unknown): string {
  return error instanceof Error && 'syscall' in error ? error.message : describeError(error);
}
