/** What the web server is told; the values come from the `web` section of the configuration. */
export interface WebOptions {
  /** Address to listen on; anything but loopback needs a token. */
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** What a caller must know; empty: only this machine may call. */
  readonly token: string;
  /** Whether this machine needs the token too, once there is one; true unless told otherwise. */
  readonly tokenOnLoopback?: boolean;
  /** Addresses and networks of proxies of ours, whose word about their callers counts. */
  readonly trustedProxies?: readonly string[];
  /** Other names this server is called by (behind a proxy, in a local domain), beside its addresses. */
  readonly allowedHosts?: readonly string[];
  /** The path a proxy puts before ours and does not take off again, such as `/rhythmd`; empty: none. */
  readonly basePath?: string;
  /** Certificate and key, PEM files; null: plain HTTP. */
  readonly tls?: TlsFiles | null;
}

export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** TCP connections at once; beyond it the one that has waited longest is closed. */
export const MAX_CONNECTIONS = 128;
/** WebSocket clients at once; beyond it 503. */
export const MAX_CLIENTS = 32;
/** Request line and headers. */
export const MAX_HEADER_BYTES = 8 * 1024;
/** Body of a request; only signing in has one. */
export const MAX_BODY_BYTES = 4 * 1024;
/** One message from a page; a longer one closes its connection. */
export const MAX_MESSAGE_BYTES = 256 * 1024;
/** Messages a minute beyond which a client is no page: its connection is closed. */
export const MAX_MESSAGES_PER_MINUTE = 1200;
/** Wrong tokens from one address a minute before it has to wait. */
export const MAX_FAILED_TOKENS_PER_MINUTE = 10;
/** The same for cookies: a page that was signed in under an older token shows its old one with every file. */
export const MAX_FAILED_SESSIONS_PER_MINUTE = 120;
/** Answers that take long (drawing, reading hours of recordings) that may wait for one another; beyond it 503. */
export const MAX_LONG_ANSWERS = 8;
