/** What the web server is told; the values come from the `web` section of the configuration. */
export interface WebOptions {
  /** Address to listen on; anything but loopback needs a token. */
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** What a caller from another address must know; empty: only this machine may call. */
  readonly token: string;
  /** Other names this server is called by (behind a proxy, in a local domain), beside its addresses. */
  readonly allowedHosts?: readonly string[];
}

/** TCP connections at once; beyond it new ones are closed unread. */
export const MAX_CONNECTIONS = 128;
/** WebSocket clients at once; beyond it 503. */
export const MAX_CLIENTS = 32;
/** Request line and headers. */
export const MAX_HEADER_BYTES = 8 * 1024;
/** Body of a request; only signing in has one. */
export const MAX_BODY_BYTES = 4 * 1024;
/** One message from a page; a longer one closes its connection. */
export const MAX_MESSAGE_BYTES = 256 * 1024;
/** Wrong tokens from one address a minute before it has to wait. */
export const MAX_FAILED_TOKENS_PER_MINUTE = 10;
