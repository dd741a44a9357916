/**
 * Who may see the page. Without a token this machine may, by its own names; with one, everybody must know it, as a
 * cookie (signed in once on the page) or as `Authorization: Bearer` (programs): a proxy on this machine that nobody
 * told us of looks like this machine. `web.token_on_loopback = false` lets this machine in all the same.
 *
 * A browser on this machine may be told by a foreign page to call us, so there is more to check:
 * - `Host` must be one of our own names, or a foreign name rebound to 127.0.0.1 would be "this machine";
 * - `Origin` of a WebSocket must be our own, as browsers do not apply the same-origin policy to WebSockets.
 *
 * Guessing is slow: a few wrong tokens a minute from one address, then none is looked at.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { type BlockList, isIP } from 'node:net';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { isLoopback, neighbourhood, parseNetworks } from '../net/addresses.ts';
import { Attempts } from '../net/attempts.ts';
import { type Caller, callerOf, type RequestSigns } from './caller.ts';
import { MAX_FAILED_SESSIONS_PER_MINUTE, MAX_FAILED_TOKENS_PER_MINUTE, type WebOptions } from './options.ts';

const SESSION_COOKIE = 'rhythmd_session';
/** A shorter one is guessed; 16 characters of base64 are 96 bits. */
const MIN_TOKEN_LENGTH = 16;

export interface Refusal {
  readonly status: 401 | 403 | 421 | 429;
  readonly reason: string;
  readonly fix: string;
}

const TOKEN_NEEDED: Refusal = {
  status: 401,
  reason: 'a token is needed',
  fix: 'Sign in, or send it as Bearer',
};
const TOO_MANY: Refusal = { status: 429, reason: 'too many wrong tokens', fix: 'Wait a minute' };
const FOREIGN_PAGE: Refusal = {
  status: 403,
  reason: 'a page from another origin',
  fix: 'Behind a proxy: it must pass Host on (nginx: proxy_set_header Host $http_host)',
};
const UNKNOWN_PROXY: Refusal = {
  status: 403,
  reason: 'this came through a proxy that the daemon was not told of',
  fix: 'Set web.trusted_proxy to its address, and web.token',
};
const FOREIGN_NAME: Refusal = {
  status: 421,
  reason: 'this server is not known by that name',
  fix: 'Add the name to web.allowed_hosts',
};

export class Access {
  readonly #options: WebOptions;
  readonly #session: string;
  readonly #trusted: BlockList | null;
  readonly #failedTokens = new Attempts(MAX_FAILED_TOKENS_PER_MINUTE);
  readonly #failedSessions = new Attempts(MAX_FAILED_SESSIONS_PER_MINUTE);

  constructor(options: WebOptions) {
    this.#options = options;
    this.#session = createHmac('sha256', options.token).update('rhythmd session').digest('base64url');
    const proxies = options.trustedProxies ?? [];
    this.#trusted = proxies.length === 0 ? null : parseNetworks(proxies);
  }

  /** Refuses a configuration that would show a patient's heart to the whole network. */
  assertSafe(): void {
    const { host, token, trustedProxies = [], tokenOnLoopback = true } = this.#options;
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
    if (trustedProxies.length === 0) return;
    if (this.#trusted === null) {
      throw new RhythmdError(
        'E_WEB_PROXY',
        `web.trusted_proxy ${trustedProxies.join(',')} is no list of addresses`,
        'Write addresses or networks with commas between them, such as 127.0.0.1,::1,10.0.0.0/8',
      );
    }
    if (token === '' || !tokenOnLoopback) {
      throw new RhythmdError(
        'E_WEB_PROXY',
        'whoever reaches the proxy of web.trusted_proxy would reach the page',
        token === '' ? 'Set web.token' : 'Leave web.token_on_loopback at true',
      );
    }
  }

  callerOf(signs: RequestSigns): Caller {
    return callerOf(signs, this.#trusted);
  }

  /** @returns null when the caller may come in. */
  refuse(caller: Caller): Refusal | null {
    const { headers, address, through } = caller;
    const bearer = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
    if (bearer !== undefined && this.#options.token !== '') return this.#refuseToken(bearer, address);
    if (this.#hasSession(headers, address)) return null;
    const { token, tokenOnLoopback = true } = this.#options;
    if (through === 'unknown proxy' && token === '') return UNKNOWN_PROXY;
    const mayComeAsIs = token === '' || !tokenOnLoopback;
    if (mayComeAsIs && through === 'nothing' && isLoopback(address)) return this.#refuseStray(headers);
    return TOKEN_NEEDED;
  }

  /** The same for a WebSocket, where the origin of the calling page counts too. Programs send no origin. */
  refuseWebSocket(caller: Caller): Refusal | null {
    const { origin } = caller.headers;
    if (origin !== undefined && !this.#isOwnOrigin(origin, caller)) return FOREIGN_PAGE;
    return this.refuse(caller);
  }

  /** A token typed into the form; a foreign page must not use up a person's attempts. */
  refuseSignIn(token: string, { headers, address }: Caller): Refusal | null {
    return headers['sec-fetch-site'] === 'cross-site' ? FOREIGN_PAGE : this.#refuseToken(token, address);
  }

  /** Refused unlooked at when too many from there were wrong. */
  #refuseToken(candidate: string, address: string): Refusal | null {
    const caller = neighbourhood(address);
    if (this.#failedTokens.exhausted(caller)) return TOO_MANY;
    if (this.isToken(candidate)) return null;
    this.#failedTokens.add(caller);
    return { ...TOKEN_NEEDED, reason: 'that is not the token' };
  }

  /** In constant time, whatever the lengths. */
  isToken(candidate: string): boolean {
    return this.#options.token !== '' && sameSecret(candidate, this.#options.token);
  }

  /**
   * What signing in sets. Not the token itself: a stolen cookie does not tell it. Without a path it is for the folder
   * of the page, whatever a proxy calls that.
   */
  sessionCookie(secure: boolean): string {
    const attributes = `HttpOnly; SameSite=Strict; Max-Age=2592000${secure ? '; Secure' : ''}`;
    return `${SESSION_COOKIE}=${this.#session}; ${attributes}`;
  }

  /** This machine without a token: by one of our names, and not because a foreign page made its browser ask. */
  #refuseStray(headers: IncomingHttpHeaders): Refusal | null {
    if (!this.#knowsHost(headers.host)) return FOREIGN_NAME;
    const isForeign = headers['sec-fetch-site'] === 'cross-site' && headers['sec-fetch-mode'] !== 'navigate';
    return isForeign ? FOREIGN_PAGE : null;
  }

  /** Ports change behind a proxy; elsewhere another port is another server, which shares our cookies. */
  #isOwnOrigin(origin: string, { host, through }: Caller): boolean {
    const from = urlOf(origin);
    const asked = urlOf(`http://${host}`);
    if (from === null || asked === null || host === undefined) return false;
    if (through !== 'trusted proxy') return from.host === host;
    return from.hostname === asked.hostname || (this.#options.allowedHosts ?? []).includes(from.hostname);
  }

  /** A cookie could be made from a guessed token, so guessing it is slow too; a browser may keep an old one. */
  #hasSession(headers: IncomingHttpHeaders, address: string): boolean {
    if (this.#options.token === '') return false;
    const cookies = (headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
    const sessions = cookies.filter((cookie) => cookie.startsWith(`${SESSION_COOKIE}=`));
    for (const session of sessions) {
      if (this.#failedSessions.exhausted(neighbourhood(address))) return false;
      if (sameSecret(session.slice(SESSION_COOKIE.length + 1), this.#session)) return true;
      this.#failedSessions.add(neighbourhood(address));
    }
    return false;
  }

  /** Addresses cannot be rebound, so any address is ours; names are ours only when configured. */
  #knowsHost(host: string | undefined): boolean {
    if (host === undefined) return false;
    const name = urlOf(`http://${host}`)?.hostname.replace(/^\[|\]$/g, '');
    if (name === undefined) return false;
    return (
      isIP(name) !== 0 ||
      name === 'localhost' ||
      name === this.#options.host ||
      (this.#options.allowedHosts ?? []).includes(name)
    );
  }
}

function urlOf(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}

function sameSecret(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
