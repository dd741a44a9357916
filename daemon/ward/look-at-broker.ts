/**
 * Whether a browser would reach a broker, looked at once from here: a page only learns that a connection failed, never that a
 * certificate has expired.
 */
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { describeConnectError } from '../sink/mqtt/connect-errors.ts';

const WITHIN_MS = 5000;

/** @returns what is in the way; null: it answers, as far as can be seen from here */
export function lookAtBroker(broker: string): Promise<RhythmdError | null> {
  const { protocol, hostname, port } = new URL(broker);
  const host = hostname.replace(/^\[|\]$/g, '');
  const isTls = protocol === 'wss:';
  const address = { host, port: Number(port || (isTls ? 443 : 80)), timeout: WITHIN_MS };
  return new Promise((resolve) => {
    const socket = isTls ? connectTls(address) : connectTcp(address);
    const end = (problem: unknown) => {
      socket.destroy();
      resolve(problem === null ? null : describeConnectError(problem, broker));
    };
    socket.once(isTls ? 'secureConnect' : 'connect', () => end(null));
    socket.once('timeout', () => end(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })));
    socket.on('error', end);
  });
}
