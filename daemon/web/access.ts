/**
 * Who may see the page. This machine may, without a token; every other address must know the token, as a
 * cookie (signed in once on the page) or as `Authorization: Bearer` (programs).
 *
 * A browser on this machine may be told by a foreign page to call us, so two more checks:
 * - `Host` must be one of our own names, or a foreign name rebound to 127.0.0.1 would be "this machine";
 * - `Origin` of a WebSocket must be our own, as browsers do not apply the same-origin policy to WebSockets.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { BlockList, isIP } from 'node:net';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { WebOptions } from './options.ts';

export const SESSION_COOKIE = 'rhythmd_session';
/** A shorter one is guessed; 16 characters of base64 are 96 bits. */
const MIN_TOKEN_LENGTH = 16;

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

export function isLoopback(address: string): boolean {
  const plain = address.replace(/^::ffff:/, '');
  if (isIP(plain) === 0) return plain === 'localhost';
  return loopback.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4');
}

/** What of a request decides; `remoteAddress` is the peer of the TCP connection. */
export interface Caller {
  readonly remoteAddress: string;
  readonly headers: IncomingHttpHeaders;
}

export type Refusal = { readonly status: 401 | 403 | 421; readonly reason: string };

export class Access {
  readonly #options: WebOptions;
  readonly #session: string;

  constructor(options: WebOptions) {
    this.#options = options;
    this.#session = createHmac('sha256', options.token).update('rhythmd session').digest('base64url');
  }

  /** Refuses a configuration that would show a patient's heart to the whole network. */
  assertSafe(): void {
    const { host, token } = this.#options;
    if (token !== '' && token.length < MIN_TOKEN_LENGTH) {
      throw new RhythmdError(
        'E_WEB_TOKEN',
        `web.token has ${token.length} characters`,
        `Use at least ${MIN_TOKEN_LENGTH}, for example from: openssl rand -base64 24`,
      );
    }
    if (!isLoopback(host) && token === '') {
      throw new RhythmdError(
        'E_WEB_TOKEN',
        `web.host ${host} is reachable from other machines and web.token is empty`,
        'Set RHYTHMD_WEB_TOKEN to a secret of 16 characters or more, or web.host to 127.0.0.1',
      );
    }
  }

  /** @returns null when the caller may come in. */
  refuse(caller: Caller): Refusal | null {
    const bearer = /^Bearer (.+)$/.exec(caller.headers.authorization ?? '')?.[1];
    if (bearer !== undefined && this.isToken(bearer)) return null;
    if (this.#hasSession(caller.headers)) return null;
    if (this.#isLocal(caller)) {
      if (this.#knowsHost(caller.headers.host)) return null;
      return { status: 421, reason: 'this server is not known by that name' };
    }
    return { status: 401, reason: 'a token is needed from another address' };
  }

  /** The same for a WebSocket, where the origin of the calling page counts too. Programs send no origin. */
  refuseWebSocket(caller: Caller): Refusal | null {
    const { origin, host } = caller.headers;
    if (origin !== undefined && hostOf(origin) !== host) {
      return { status: 403, reason: 'a page from another origin' };
    }
    return this.refuse(caller);
  }

  /** In constant time, whatever the lengths. */
  isToken(candidate: string): boolean {
    return this.#options.token !== '' && sameSecret(candidate, this.#options.token);
  }

  /** What signing in sets. Not the token itself: a stolen cookie does not tell it. */
  sessionCookie(): string {
    return `${SESSION_COOKIE}=${this.#session}; Path=/; HttpOnly; SameSite=Strict; Max-Age=2592000`;
  }

  /** A proxy on this machine forwards other people's requests: its word is not a local one. */
  #isLocal(caller: Caller): boolean {
    const { headers } = caller;
    return isLoopback(caller.remoteAddress) && !headers['x-forwarded-for'] && !headers.forwarded;
  }

  #hasSession(headers: IncomingHttpHeaders): boolean {
    if (this.#options.token === '') return false;
    const cookies = (headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
    const session = cookies.find((cookie) => cookie.startsWith(`${SESSION_COOKIE}=`));
    return session !== undefined && sameSecret(session.slice(SESSION_COOKIE.length + 1), this.#session);
  }

  /** Addresses cannot be rebound, so any address is ours; names are ours only when configured. */
  #knowsHost(host: string | undefined): boolean {
    if (host === undefined) return false;
    const name = hostOf(`http://${host}`)
      ?.replace(/:\d+$/, '')
      .replace(/^\[|\]$/g, '');
    if (name === undefined) return false;
    return (
      isIP(name) !== 0 ||
      name === 'localhost' ||
      name === this.#options.host ||
      (this.#options.allowedHosts ?? []).includes(name)
    );
  }
}

function hostOf(url: string): string | undefined {
  try {
    return new URL(url).host;
  } catch {
    return undefined;
  }
}

function sameSecret(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
