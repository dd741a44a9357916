/** `rhythmd config check|print|schema`. */
import { documentedToml, effectiveToml, jsonSchema } from '../config/document.ts';
import { defaultConfigPath, loadConfig } from '../config/load.ts';
import { readArguments, refuseUsage } from './arguments.ts';
import { EXIT_DONE } from './exit-status.ts';
import type { CommandIo } from './io.ts';

const USAGE = 'config check|print|schema|documentation [--config FILE]';

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = readArguments(args, { config: { type: 'string' } }, USAGE);
  const path = values.config ?? defaultConfigPath();
  const [action, ...rest] = positionals;
  if (rest.length > 0) refuseUsage(`one action at a time, not ${positionals.join(' ')}`, USAGE);
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
      return refuseUsage(
        action === undefined ? 'what about the configuration?' : `no action ${action}`,
        USAGE,
      );
  }
}
