/** The networks by the names that commands and reports use. */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { beatnet } from './beatnet.ts';
import { beatnet2 } from './beatnet2.ts';
import { densenet201 } from './densenet.ts';
import { efficientnetB0 } from './efficientnet.ts';
import { mobilenetV2 } from './mobilenet-v2.ts';
import type { Network } from './network.ts';
import { resnet50, resnet101 } from './resnet.ts';

/** Ours first, then the paper's five in the order of its tables. */
const NETWORKS: Readonly<Record<string, () => Network>> = {
  beatnet,
  beatnet2,
  resnet50,
  resnet101,
  densenet201,
  mobilenetv2: mobilenetV2,
  efficientnetb0: efficientnetB0,
};

export const NETWORK_NAMES: readonly string[] = Object.keys(NETWORKS);

/** @throws RhythmdError E_NETWORK_UNKNOWN */
export function networkNamed(name: string): Network {
  const build = NETWORKS[name];
  if (build === undefined) {
    throw new RhythmdError(
      'E_NETWORK_UNKNOWN',
      `there is no network "${name}"`,
      `Known: ${NETWORK_NAMES.join(', ')}`,
    );
  }
  return build();
}
