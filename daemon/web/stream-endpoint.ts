/** `/stream`: accepts WebSocket clients, keeps them alive, passes their requests on. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Requester, RequestGateway } from '../requests/gateway.ts';
import { MAX_CLIENTS, MAX_MESSAGE_BYTES } from './options.ts';
import { answerMessage } from './request-message.ts';
import type { WebSocketSink } from './websocket-sink.ts';

/** A client that has not answered a ping by the next one is gone (a phone that left the room). */
const PING_INTERVAL_MS = 15_000;

export class StreamEndpoint {
  readonly #sink: WebSocketSink;
  readonly #requests: RequestGateway | null;
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    clientTracking: false,
  });
  readonly #sockets = new Map<WebSocket, { answered: boolean }>();
  #pings: NodeJS.Timeout | null = null;

  constructor(sink: WebSocketSink, requests: RequestGateway | null) {
    this.#sink = sink;
    this.#requests = requests;
  }

  start(): void {
    this.#pings = setInterval(() => this.#ping(), PING_INTERVAL_MS);
    this.#pings.unref();
  }

  stop(): void {
    if (this.#pings) clearInterval(this.#pings);
    this.#pings = null;
    for (const socket of this.#sockets.keys()) socket.close(1001, 'the daemon stops');
  }

  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.#sockets.size >= MAX_CLIENTS) {
      socket.end('HTTP/1.1 503 Too many pages are open\r\nConnection: close\r\nRetry-After: 30\r\n\r\n');
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (client) =>
      this.#open(client, { via: 'page', name: request.socket.remoteAddress ?? null }),
    );
  }

  #open(socket: WebSocket, requester: Requester): void {
    const liveness = { answered: true };
    this.#sockets.set(socket, liveness);
    const client = this.#sink.attach(socket);
    socket.on('pong', () => {
      liveness.answered = true;
    });
    socket.on('message', (data, isBinary) => {
      if (isBinary) {
        socket.close(1003, 'text only');
        return;
      }
      void answerMessage(String(data), this.#requests, requester).then((text) => client.sendText(text));
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      this.#sockets.delete(socket);
      this.#sink.detach(client);
    });
  }

  #ping(): void {
    for (const [socket, liveness] of this.#sockets) {
      if (!liveness.answered) {
        socket.terminate();
        continue;
      }
      liveness.answered = false;
      socket.ping();
    }
  }
}
