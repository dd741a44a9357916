/** The networks by the names that commands and reports use: a new one has its line here. */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { Protocol } from '../data/splits.ts';
import type { Network } from '../nets/network.ts';
import type { Recipe } from '../train/recipe.ts';
import { beatnet } from './beatnet.ts';
import { beatnetContext } from './beatnet-context.ts';
import { beatnet2 } from './beatnet2.ts';
import { beatnet2Noisy } from './beatnet2-noisy.ts';
import { beatnet2Two } from './beatnet2-two.ts';
import { densenet201 } from './densenet201.ts';
import { efficientnetb0 } from './efficientnetb0.ts';
import { mobilenetv2 } from './mobilenetv2.ts';
import { mobilenetv2Leads } from './mobilenetv2-leads.ts';
import { photographTraining } from './photographs.ts';
import type { Preset } from './preset.ts';
import { resnet50 } from './resnet50.ts';
import { resnet101 } from './resnet101.ts';

/** Ours first, then the paper's five in the order of its tables, then what does not ship, and what one of the five does with our image. */
export const PRESETS: readonly Preset[] = [
  beatnet,
  beatnet2,
  resnet50,
  resnet101,
  densenet201,
  mobilenetv2,
  efficientnetb0,
  beatnetContext,
  beatnet2Two,
  beatnet2Noisy,
  mobilenetv2Leads,
];

export const NETWORK_NAMES: readonly string[] = PRESETS.map(({ name }) => name);

/** null where there is none of that name. */
export function presetOf(name: string): Preset | null {
  return PRESETS.find((preset) => preset.name === name) ?? null;
}

/** @throws RhythmdError E_NETWORK_UNKNOWN */
export function networkNamed(name: string): Network {
  const preset = presetOf(name);
  if (preset !== null) return preset.build();
  throw new RhythmdError(
    'E_NETWORK_UNKNOWN',
    `there is no network "${name}"`,
    `Known: ${NETWORK_NAMES.join(', ')}`,
  );
}

/**
 * How a network is trained; one without a preset as the photographs' networks are.
 * @param overrides checked by the command line; epochs of one's own are one cycle
 */
export function recipeFor(network: string, protocol: Protocol, overrides: Partial<Recipe> = {}): Recipe {
  const training = presetOf(network)?.training ?? photographTraining;
  const { laterCycles, ...first } = training(protocol);
  const cycles = laterCycles === undefined || overrides.epochs !== undefined ? {} : { laterCycles };
  return { network, protocol, seed: 1, fold: null, ...first, ...cycles, ...overrides };
}
