/**
 * The web server: the page, its API and its stream. Constructed with what it serves; `start` listens,
 * `stop` closes every connection. A failure to listen is the caller's to report: acquisition goes on.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { describeError, RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { RequestGateway } from '../requests/gateway.ts';
import { Access, type Caller } from './access.ts';
import { MAX_CONNECTIONS, MAX_HEADER_BYTES, type WebOptions } from './options.ts';
import { loadPage, type PageAsset, type PageAssets } from './page-assets.ts';
import { problem, respond } from './respond.ts';
import { findRoute, type Route } from './route.ts';
import { SignIn } from './sign-in.ts';
import { stateRoutes } from './state-routes.ts';
import { StreamEndpoint } from './stream-endpoint.ts';
import type { WebSocketSink } from './websocket-sink.ts';

/** A request that is not complete by then is somebody holding connections open (slow loris). */
const REQUEST_TIMEOUT_MS = 15_000;
const KEEP_ALIVE_MS = 5_000;

export interface WebParts {
  readonly sink: WebSocketSink;
  /** Answers requests from pages; null: every request is refused. */
  readonly requests: RequestGateway | null;
  /** Further routes (recordings, bench). */
  readonly routes?: readonly Route[];
  /** Told of what went wrong inside; never of a caller's mistakes. */
  readonly onError?: (text: string) => void;
}

export class WebServer {
  readonly #options: WebOptions;
  readonly #parts: WebParts;
  readonly #access: Access;
  readonly #signIn: SignIn;
  readonly #stream: StreamEndpoint;
  readonly #routes: readonly Route[];
  #server: Server | null = null;
  #page: PageAssets = new Map();

  constructor(options: WebOptions, parts: WebParts) {
    this.#options = options;
    this.#parts = parts;
    this.#access = new Access(options);
    this.#signIn = new SignIn(this.#access);
    this.#stream = new StreamEndpoint(parts.sink, parts.requests);
    this.#routes = [...stateRoutes(parts.sink), ...(parts.routes ?? [])];
  }

  /** @throws E_WEB_TOKEN, E_WEB_PORT. A page that cannot be bundled is reported, the API runs without it. */
  async start(): Promise<{ url: string; port: number }> {
    this.#access.assertSafe();
    const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES }, (request, response) => {
      this.#handle(request, response).catch((error: unknown) => this.#fail(response, error));
    });
    server.maxConnections = MAX_CONNECTIONS;
    server.requestTimeout = REQUEST_TIMEOUT_MS;
    server.headersTimeout = REQUEST_TIMEOUT_MS;
    server.keepAliveTimeout = KEEP_ALIVE_MS;
    server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    server.on('clientError', (_error, socket) => socket.destroy());
    await listen(server, this.#options);
    this.#server = server;
    this.#stream.start();
    loadPage().then(
      (page) => {
        this.#page = page;
      },
      (error: unknown) => this.#parts.onError?.(describeError(error)),
    );
    const { port } = server.address() as AddressInfo;
    const host = this.#options.host.includes(':') ? `[${this.#options.host}]` : this.#options.host;
    return { url: `http://${host}:${port}/`, port };
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    this.#stream.stop();
    if (!server) return;
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://internal');
    const caller = callerOf(request);
    if (url.pathname === '/sign-in' && request.method === 'POST') {
      await this.#signIn.answer(request, response);
      return;
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      respond(response, problem(405, 'E_WEB_METHOD', `${request.method} is not answered here`));
      return;
    }
    if (this.#page.size === 0 && (url.pathname === '/' || url.pathname === '/sign-in')) {
      const headers = { refresh: '1', 'retry-after': '1' };
      respond(response, { status: 503, type: 'text/plain', body: 'The page is being made ready.', headers });
      return;
    }
    const refusal = this.#access.refuse(caller);
    if (refusal && !isPublic(url.pathname)) {
      if (refusal.status === 401 && url.pathname === '/') {
        response.writeHead(303, { location: '/sign-in', 'cache-control': 'no-store' }).end();
      } else respond(response, problem(refusal.status, 'E_WEB_ACCESS', refusal.reason));
      return;
    }
    const asset = this.#page.get(url.pathname);
    if (asset) {
      this.#sendAsset(request, response, asset);
      return;
    }
    const found = findRoute(this.#routes, url.pathname);
    if (found) {
      respond(response, await found.route.answer({ params: found.params, query: url.searchParams }));
      return;
    }
    respond(response, problem(404, 'E_WEB_PATH', `nothing at ${url.pathname}`));
  }

  #sendAsset(request: IncomingMessage, response: ServerResponse, asset: PageAsset): void {
    const gzip = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
    respond(response, {
      type: asset.type,
      body: gzip ? asset.gzip : asset.body,
      headers: {
        'cache-control': 'no-cache',
        vary: 'accept-encoding',
        ...(gzip ? { 'content-encoding': 'gzip' } : {}),
      },
    });
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const path = new URL(request.url ?? '/', 'http://internal').pathname;
    const refusal =
      path === '/stream'
        ? this.#access.refuseWebSocket(callerOf(request))
        : { status: 404, reason: 'the stream is at /stream' };
    if (refusal) {
      socket.end(`HTTP/1.1 ${refusal.status} ${refusal.reason}\r\nConnection: close\r\n\r\n`);
      return;
    }
    this.#stream.accept(request, socket, head);
  }

  #fail(response: ServerResponse, error: unknown): void {
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (error instanceof RhythmdError) {
      respond(response, problem(400, error.code, error.message, error.fix));
      return;
    }
    this.#parts.onError?.(describeError(error));
    respond(response, problem(500, 'E_UNEXPECTED', 'something went wrong inside; the log has it'));
  }
}

/** What a caller without a token may see: how to sign in, and that we live. */
function isPublic(path: string): boolean {
  return path === '/sign-in' || path === '/assets/style.css' || path === '/icon.svg' || path === '/healthz';
}

function callerOf(request: IncomingMessage): Caller {
  return { remoteAddress: request.socket.remoteAddress ?? '', headers: request.headers };
}

function listen(server: Server, { host, port }: WebOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const taken = cause.code === 'EADDRINUSE';
      reject(
        new RhythmdError(
          'E_WEB_PORT',
          `cannot listen on ${host}:${port}: ${taken ? 'the port is in use' : cause.message}`,
          'Set web.port (0 takes a free one) or web.host',
          { cause },
        ),
      );
    });
    server.listen(port, host, () => resolve());
  });
}
