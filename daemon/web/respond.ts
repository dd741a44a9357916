/** Answers with the headers every answer carries. */
import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ErrorCode } from '@rhythmd/ecg/error-codes.ts';

/**
 * No inline script or style, nothing from anywhere else, in nobody's frame. `connect-src 'self'` covers the
 * WebSocket of the same origin.
 * @param origins where else the page may connect to: the brokers of a ward
 */
export function contentSecurityPolicy(origins: readonly string[] = []): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob: data:",
    "font-src 'self'",
    ["connect-src 'self'", ...origins].join(' '),
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
}

const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': contentSecurityPolicy(),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
};

export interface Answer {
  readonly status?: number;
  readonly type: string;
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

export function respond(response: ServerResponse, answer: Answer): void {
  const body = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body;
  response.writeHead(answer.status ?? 200, {
    'cache-control': 'no-store',
    ...SECURITY_HEADERS,
    'content-type': answer.type,
    'content-length': body.byteLength,
    ...answer.headers,
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

export function json(value: unknown, status = 200): Answer {
  return { status, type: 'application/json', body: JSON.stringify(value) };
}

/** What an error looks like to a program: a code and the fix, as on the command line. */
export function problem(status: number, code: ErrorCode, message: string, fix = ''): Answer {
  return json({ error: { code, message, fix } }, status);
}

/** A peer that does not take its refusal has this long. */
const REFUSAL_WITHIN_MS = 2000;

/**
 * Says no to a WebSocket and closes. Node hands the socket over without a listener for its errors and without a
 * timeout: a reset would end the process, a peer that stays would stay for ever.
 */
export function refuseUpgrade(socket: Duplex, status: number, reason: string, retryAfterS = 0): void {
  socket.on('error', () => socket.destroy());
  const body = `${reason}\n`;
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}`,
    'Connection: close',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(retryAfterS > 0 ? [`Retry-After: ${retryAfterS}`] : []),
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  setTimeout(() => socket.destroy(), REFUSAL_WITHIN_MS).unref();
}
