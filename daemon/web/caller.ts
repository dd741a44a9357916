/**
 * Who calls, and how the call came here. A proxy makes every caller look like itself: its word about them counts only
 * where `web.trusted_proxy` names it, and a call that shows signs of a proxy nobody named is nobody's.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { BlockList } from 'node:net';
import { isIP } from 'node:net';
import { contains, isLoopback, plainAddress } from '../net/addresses.ts';

/** What a request shows. */
export interface RequestSigns {
  /** The peer of the TCP connection. */
  readonly remoteAddress: string;
  readonly headers: IncomingHttpHeaders;
  /** `1.1`; browsers have not spoken 1.0 for decades, but proxies still do by default. */
  readonly httpVersion?: string;
  /** Came over our own TLS. */
  readonly encrypted?: boolean;
}

export interface Caller {
  /** Its own address, behind a trusted proxy too; the proxy's where that does not say. */
  readonly address: string;
  readonly through: 'nothing' | 'trusted proxy' | 'unknown proxy';
  /** The name and port the browser has in its address bar, as far as anybody says. */
  readonly host: string | undefined;
  /** The browser speaks TLS with us or with the trusted proxy: its cookie may be `Secure`. */
  readonly secure: boolean;
  readonly headers: IncomingHttpHeaders;
}

/** Only proxies send these. */
const PROXY_HEADERS = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-server',
  'x-forwarded-port',
  'x-real-ip',
] as const;

/** @param trusted where proxies of ours are; null: none is */
export function callerOf(signs: RequestSigns, trusted: BlockList | null): Caller {
  const { headers, encrypted = false } = signs;
  const peer = plainAddress(signs.remoteAddress);
  if (trusted !== null && contains(trusted, peer)) {
    return {
      address: forwardedAddress(headers, trusted) ?? peer,
      through: 'trusted proxy',
      host: lastOf(headers['x-forwarded-host']) ?? headers.host,
      secure: encrypted || lastOf(headers['x-forwarded-proto']) === 'https',
      headers,
    };
  }
  const through = showsProxy(signs) ? 'unknown proxy' : 'nothing';
  return { address: peer, through, host: headers.host, secure: encrypted, headers };
}

/** A proxy on this machine that hides itself perfectly cannot be told from a browser: it must be named. */
function showsProxy({ headers, httpVersion = '1.1', remoteAddress }: RequestSigns): boolean {
  if (PROXY_HEADERS.some((name) => headers[name] !== undefined)) return true;
  return httpVersion === '1.0' && isLoopback(remoteAddress);
}

/** The nearest hop that is no proxy of ours; what lies further left anybody may have written. */
function forwardedAddress(headers: IncomingHttpHeaders, trusted: BlockList): string | null {
  const hops = String(headers['x-forwarded-for'] ?? '')
    .split(',')
    .map((hop) => plainAddress(hop.trim()));
  for (const hop of hops.reverse()) {
    if (isIP(hop) === 0) return null;
    if (!contains(trusted, hop)) return hop;
  }
  return null;
}

function lastOf(header: string | readonly string[] | undefined): string | undefined {
  const words = String(header ?? '').split(',');
  return words.at(-1)?.trim() || undefined;
}
