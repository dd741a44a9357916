/** `rhythmd config check|print|schema`. */

import { readArguments } from '@rhythmd/shell/arguments.ts';
import { EXIT_DONE } from '@rhythmd/shell/exit-status.ts';
import type { CommandIo } from '@rhythmd/shell/io.ts';
import { refuseUsage } from '@rhythmd/shell/usage-error.ts';
import { documentedToml, effectiveToml, jsonSchema } from '../config/document.ts';
import { defaultConfigPath, loadConfig } from '../config/load.ts';
import { COMMANDS } from './commands.ts';

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, operands } = readArguments(args, COMMANDS.config, io.err);
  const path = values.config ?? defaultConfigPath();
  const [action] = operands;
  switch (action) {
    case 'check':
      loadConfig(path, io.environment);
      io.out(`${path}: good`);
      return EXIT_DONE;
    case 'print':
      io.out(effectiveToml(loadConfig(path, io.environment)).trimEnd());
      return EXIT_DONE;
    case 'schema':
      io.out(JSON.stringify(jsonSchema(), null, 2));
      return EXIT_DONE;
    case 'documentation':
      io.out(documentedToml().trimEnd());
      return EXIT_DONE;
    default:
      return refuseUsage(`no action ${action}`);
  }
}
