/** From `source.url` to a source. */
import type { Board } from '@rhythmd/ecg/boards/board.ts';
import { findBoard } from '@rhythmd/ecg/boards/registry.ts';
import type { BackoffSettings } from '../net/backoff.ts';
import { BoardSource, type BoardSourceOptions } from './board-source.ts';
import type { Link } from './link.ts';
import { SerialLink } from './serial-link.ts';
import { SimLink } from './sim-link.ts';
import type { SimProgram } from './sim-program.ts';
import type { Source } from './source.ts';
import { parseSourceUrl, type SourceAddress } from './source-url.ts';
import { StdinLink } from './stdin-link.ts';
import { TcpLink } from './tcp-link.ts';
import { WfdbSource } from './wfdb-source.ts';

export interface OpenSourceOptions {
  /** A board's name, or `auto` (the default). */
  readonly board?: string | undefined;
  /** Where record names are looked up; null or absent: the configured folders. */
  readonly recordFolders?: readonly string[] | null | undefined;
  readonly microvoltsPerCount?: number | undefined;
  readonly rateHz?: number | undefined;
  /** Which of the board's channels are leads, counted from 0. */
  readonly channels?: readonly number[] | undefined;
  readonly backoff?: BackoffSettings | undefined;
  readonly watchdog?: BoardSourceOptions['watchdog'];
  /** The simulated board's program, where it is to outlive the source; left out: each source has its own. */
  readonly simProgram?: SimProgram | undefined;
}

/**
 * A source that is not started yet.
 * @throws E_SOURCE_URL, E_BOARD_UNKNOWN
 */
export function openSource(url: string, options: OpenSourceOptions = {}): Source {
  const address = parseSourceUrl(url);
  const recordFolders = options.recordFolders ?? null;
  if (address.kind === 'wfdb') return new WfdbSource({ url, ...address, recordFolders });
  const board = boardFor(address, options.board ?? 'auto');
  const link = openLink(address, board, recordFolders, options.simProgram);
  return new BoardSource({
    url,
    link,
    board,
    decoderOptions: {
      microvoltsPerCount: options.microvoltsPerCount,
      rateHz: options.rateHz,
      baud: (address.kind === 'serial' && address.baud) || undefined,
      channels: options.channels,
      speed: address.speed,
    },
    backoff: options.backoff,
    watchdog: options.watchdog,
  });
}

/** null: found out by listening. The simulator is told which board to be. */
function boardFor(address: SourceAddress, name: string): Board | null {
  if (address.kind === 'sim') return findBoard(address.board ?? (name === 'auto' ? 'native' : name));
  return name === 'auto' ? null : findBoard(name);
}

function openLink(
  address: Exclude<SourceAddress, { kind: 'wfdb' }>,
  board: Board | null,
  recordFolders: readonly string[] | null,
  program: SimProgram | undefined,
): Link {
  switch (address.kind) {
    case 'serial':
      return new SerialLink({ path: address.path, baud: address.baud ?? lineSpeed(board) });
    case 'tcp':
      return new TcpLink(address.host, address.port);
    case 'stdin':
      return new StdinLink();
    case 'sim':
      return new SimLink({ ...address, board: board?.name ?? 'native', recordFolders, program });
  }
}

/** null: unknown like the board. USB CDC ports take any speed. */
function lineSpeed(board: Board | null): number | null {
  return board === null ? null : (board.baud ?? 115200);
}
