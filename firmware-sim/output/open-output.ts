import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { Output } from './output.ts';
import { PtyOutput } from './pty-output.ts';
import { StdoutOutput } from './stdout-output.ts';
import { TcpOutput } from './tcp-output.ts';

/**
 * @param baud of the board, where its pty is to behave like a UART; null: like USB
 * @throws E_USAGE when `to` is none of pty:PATH, tcp:HOST:PORT, stdout
 */
export function openOutput(to: string, baud: number | null = null): Output {
  if (to === 'stdout') return new StdoutOutput();
  if (to.startsWith('pty:') && to.length > 4) return new PtyOutput(to.slice(4), baud);
  const tcp = /^tcp:(.+):(\d{1,5})$/.exec(to);
  if (tcp && Number(tcp[2]) <= 65535) return new TcpOutput(tcp[1]!, Number(tcp[2]));
  throw new RhythmdError('E_USAGE', `--to ${to}`, 'Give pty:PATH, tcp:HOST:PORT (port 0: any) or stdout');
}
