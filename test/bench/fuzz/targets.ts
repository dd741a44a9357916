/** Every parser of what comes from outside. */

import type { FuzzTarget } from './target.ts';
import { BOARD_TARGETS } from './targets/boards.ts';
import { DISK_TARGETS } from './targets/disk.ts';
import { NETWORK_TARGETS } from './targets/network.ts';
import { RECORD_TARGETS } from './targets/records.ts';

export const TARGETS: readonly FuzzTarget[] = [
  ...BOARD_TARGETS,
  ...RECORD_TARGETS,
  ...DISK_TARGETS,
  ...NETWORK_TARGETS,
];
