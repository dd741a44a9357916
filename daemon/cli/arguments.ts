/** Arguments of a verb, read strictly: what is not known is refused with the verb's usage. */
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';

type Options = NonNullable<ParseArgsConfig['options']>;

/**
 * `node:util` parseArgs with positionals allowed.
 * @throws E_USAGE with `usage` as the fix
 */
export function readArguments<const O extends Options>(args: string[], options: O, usage: string) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    const reason = cause.message.split('. ')[0] ?? cause.message;
    throw new RhythmdError('E_USAGE', reason, `Usage: rhythmd ${usage}`, { cause });
  }
}

/** @throws E_USAGE always */
export function refuseUsage(reason: string, usage: string): never {
  throw new RhythmdError('E_USAGE', reason, `Usage: rhythmd ${usage}`);
}
