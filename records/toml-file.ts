/** A TOML file as a table, with errors that say where it is wrong. */
import { readFileSync } from 'node:fs';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { parse, TomlError } from 'smol-toml';

/** @throws RhythmdError E_CONFIG_FILE the file cannot be read; E_CONFIG_SYNTAX it is not TOML */
export function readToml(path: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new RhythmdError('E_CONFIG_FILE', `cannot read ${path} (${reason})`, 'Check --config.', { cause });
  }
  try {
    return parse(text);
  } catch (cause) {
    if (!(cause instanceof TomlError)) throw cause;
    const reason = cause.message.split('\n')[0];
    const where = `${path}:${cause.line}:${cause.column}`;
    throw new RhythmdError('E_CONFIG_SYNTAX', `${where}: ${reason}`, 'Correct the line.', { cause });
  }
}
