/**
 * The web server: the page, its API and its stream. Constructed with what it serves; `start` listens,
 * `stop` closes every connection. A failure to listen is the caller's to report: acquisition goes on.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { describeError, RhythmdError } from '@rhythmd/ecg/errors.ts';
import { contained } from '../net/contained.ts';
import { descriptorShare } from '../net/descriptor-share.ts';
import { HeldSockets } from '../net/held-sockets.ts';
import { seldom } from '../net/seldom.ts';
import type { RequestGateway } from '../requests/gateway.ts';
import { Access, type Refusal } from './access.ts';
import type { PageName } from './bundle-page.ts';
import type { Caller } from './caller.ts';
import { followCertificate, readCertificate } from './certificate.ts';
import { LongAnswers } from './long-answers.ts';
import { MAX_CONNECTIONS, MAX_HEADER_BYTES, MAX_LONG_ANSWERS, type WebOptions } from './options.ts';
import { loadPage, type PageAsset, type PageAssets } from './page-assets.ts';
import { parseTarget, type RequestTarget } from './request-target.ts';
import { contentSecurityPolicy, problem, refuseUpgrade, respond } from './respond.ts';
import { findRoute, type Route } from './route.ts';
import { SignIn } from './sign-in.ts';
import { stateRoutes } from './state-routes.ts';
import { StreamEndpoint } from './stream-endpoint.ts';
import type { WebSocketSink } from './websocket-sink.ts';

/** A request that is not complete by then is somebody holding connections open (slow loris). */
const REQUEST_TIMEOUT_MS = 15_000;
const KEEP_ALIVE_MS = 5_000;
/** An answer nobody takes for this long is given up. */
const IDLE_MS = 120_000;
/** Connections that may wait beside those that are held, for the moment until the oldest is closed. */
const SPARE_CONNECTIONS = 8;

export interface WebParts {
  /** Which page is served; the bedside page unless told otherwise. */
  readonly page?: PageName;
  /** Where else the page may connect to, as origins; left out: nowhere. */
  readonly connectsTo?: readonly string[];
  /** What the stream and the routes about the patient are fed from; null: there are none. */
  readonly sink: WebSocketSink | null;
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
  readonly #stream: StreamEndpoint | null;
  readonly #policy: string;
  readonly #routes: readonly Route[];
  readonly #long = new LongAnswers(MAX_LONG_ANSWERS);
  readonly #sockets = new HeldSockets(descriptorShare(MAX_CONNECTIONS));
  #server: Server | null = null;
  #certificate: { stop(): void } | null = null;
  #page: PageAssets = new Map();
  /** Until the page can be served, or cannot be made. */
  #loading: Promise<void> = Promise.resolve();

  constructor(options: WebOptions, parts: WebParts) {
    this.#options = options;
    this.#parts = parts;
    this.#access = new Access(options);
    this.#signIn = new SignIn(this.#access);
    const { sink, requests } = parts;
    this.#stream = sink && new StreamEndpoint(sink, requests, (error) => this.#report(error));
    this.#routes = [...(sink === null ? [] : stateRoutes(sink)), ...(parts.routes ?? [])];
    this.#policy = contentSecurityPolicy(parts.connectsTo);
  }

  /**
   * @throws E_WEB_TOKEN, E_WEB_PROXY, E_WEB_CERTIFICATE, E_WEB_PORT. A page that cannot be bundled is reported, the
   *   API runs without it.
   */
  async start(): Promise<{ url: string; port: number }> {
    this.#access.assertSafe();
    const server = this.#create();
    this.#attend(server);
    await listen(server, this.#options);
    const tell = seldom((text) => this.#parts.onError?.(text));
    // Without a listener an accept that fails (no file descriptor left) ends the process.
    server.on('error', (error) => tell(`the page takes no connection: ${error.message}`));
    this.#server = server;
    this.#stream?.start();
    this.#loading = loadPage(this.#parts.page ?? 'bedside').then(
      (page) => {
        this.#page = page;
      },
      (error: unknown) => this.#report(error),
    );
    const { port } = server.address() as AddressInfo;
    const { host, tls } = this.#options;
    const shownHost = host.includes(':') ? `[${host}]` : host;
    return { url: `${tls ? 'https' : 'http'}://${shownHost}:${port}/`, port };
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    this.#certificate?.stop();
    this.#stream?.stop();
    if (!server) return;
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
      this.#sockets.destroyAll();
    });
  }

  #create(): Server {
    const options = { maxHeaderSize: MAX_HEADER_BYTES, connectionsCheckingInterval: 1000 };
    const { tls } = this.#options;
    if (!tls) return createServer(options);
    const secure = {
      ...readCertificate(tls),
      minVersion: 'TLSv1.2',
      handshakeTimeout: REQUEST_TIMEOUT_MS,
    } as const;
    const server = createTlsServer({ ...options, ...secure });
    this.#certificate = followCertificate(server, tls, (error) => this.#report(error));
    return server;
  }

  /** Every listener is contained: what strangers send must not end the process. */
  #attend(server: Server): void {
    server.maxConnections = descriptorShare(MAX_CONNECTIONS) + SPARE_CONNECTIONS;
    server.requestTimeout = REQUEST_TIMEOUT_MS;
    server.headersTimeout = REQUEST_TIMEOUT_MS;
    server.keepAliveTimeout = KEEP_ALIVE_MS;
    server.timeout = IDLE_MS;
    const report = (error: unknown) => this.#report(error);
    for (const arrival of ['connection', 'secureConnection']) {
      server.on(
        arrival,
        contained(report, (socket) => this.#sockets.add(socket)),
      );
    }
    server.on(
      'request',
      contained(report, (request, response) => this.#request(request, response)),
    );
    server.on(
      'upgrade',
      contained(report, (request, socket, head) => this.#upgrade(request, socket, head)),
    );
    server.on(
      'clientError',
      contained(report, (_error, socket) => socket.destroy()),
    );
  }

  async #request(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { socket } = request;
    this.#sockets.serve(socket);
    response.once(
      'close',
      contained(
        (error) => this.#report(error),
        () => this.#sockets.wait(socket),
      ),
    );
    try {
      await this.#handle(request, response);
    } catch (error) {
      // Whoever left in the middle has not found a fault of ours.
      if (!request.errored) this.#fail(response, error);
    }
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = parseTarget(request.url, this.#options.basePath);
    const caller = this.#callerOf(request);
    if (target === null) {
      respond(response, problem(400, 'E_WEB_PATH', 'that is no path of this server'));
      return;
    }
    const { path } = target;
    if (path === '/sign-in' && request.method === 'POST') {
      await this.#signIn.answer(request, response, caller);
      return;
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      respond(response, problem(405, 'E_WEB_METHOD', `${request.method} is not answered here`));
      return;
    }
    const isPage = path === '/' || path === '/sign-in';
    // Out of the sources it takes some seconds, which whoever came first waits.
    if (this.#page.size === 0 && isPage) await this.#loading;
    if (this.#page.size === 0 && isPage) {
      const body = 'The page could not be made: the log says why.';
      respond(response, { status: 503, type: 'text/plain', body });
      return;
    }
    const refusal = PUBLIC_PATH.test(path) ? null : this.#access.refuse(caller);
    if (refusal !== null) this.#turnAway(response, path, refusal);
    else await this.#serve(request, response, target);
  }

  #turnAway(response: ServerResponse, path: string, { status, reason, fix }: Refusal): void {
    if (status === 401 && path === '/') {
      response.writeHead(303, { location: 'sign-in', 'cache-control': 'no-store' }).end();
    } else
      respond(response, problem(status, status === 429 ? 'E_WEB_ATTEMPTS' : 'E_WEB_ACCESS', reason, fix));
  }

  async #serve(request: IncomingMessage, response: ServerResponse, target: RequestTarget): Promise<void> {
    const { path, query } = target;
    const asset = this.#page.get(path);
    if (asset) {
      sendAsset(request, response, asset, this.#policy);
      return;
    }
    const found = findRoute(this.#routes, path);
    if (!found) {
      respond(response, problem(404, 'E_WEB_PATH', `nothing at ${path}`));
      return;
    }
    const { route, params } = found;
    const make = () => route.answer({ params, query });
    respond(response, route.isLong ? await this.#long.make(make) : await make());
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#sockets.serve(request.socket);
    const stream = this.#stream;
    if (stream === null || parseTarget(request.url, this.#options.basePath)?.path !== '/stream') {
      refuseUpgrade(socket, 404, 'the stream is at /stream');
      return;
    }
    const caller = this.#callerOf(request);
    const refusal = this.#access.refuseWebSocket(caller);
    if (refusal !== null) refuseUpgrade(socket, refusal.status, `${refusal.reason}. ${refusal.fix}`);
    else stream.accept(request, socket, head, { via: 'page', user: null, from: whereFrom(caller) });
  }

  #callerOf({ socket, headers, httpVersion }: IncomingMessage): Caller {
    const remoteAddress = socket.remoteAddress ?? '';
    return this.#access.callerOf({ remoteAddress, headers, httpVersion, encrypted: 'encrypted' in socket });
  }

  #fail(response: ServerResponse, error: unknown): void {
    const isOurs = error instanceof RhythmdError;
    if (!isOurs) this.#report(error);
    if (response.headersSent || response.destroyed) response.destroy();
    else if (isOurs) respond(response, problem(400, error.code, error.message, error.fix));
    else respond(response, problem(500, 'E_UNEXPECTED', 'something went wrong inside; the log has it'));
  }

  #report(error: unknown): void {
    this.#parts.onError?.(describeError(error));
  }
}

/** For the audit: the address, and that a proxy vouches for it. */
function whereFrom({ address, through }: Caller): string {
  return through === 'nothing' ? address : `${address} (${through})`;
}

function sendAsset(
  request: IncomingMessage,
  response: ServerResponse,
  asset: PageAsset,
  policy: string,
): void {
  const gzip = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  respond(response, {
    type: asset.type,
    body: gzip ? asset.gzip : gunzipSync(asset.gzip),
    headers: {
      'cache-control': 'no-cache',
      'content-security-policy': policy,
      vary: 'accept-encoding',
      ...(gzip ? { 'content-encoding': 'gzip' } : {}),
    },
  });
}

/** What a caller without a token may see: how to sign in, and that we live. */
const PUBLIC_PATH = /^\/(sign-in|healthz|icon\.svg|assets\/(style\.css|[a-z-]+\.woff2))$/;

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
