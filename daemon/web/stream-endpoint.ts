/** `/stream`: accepts WebSocket clients, keeps them alive, passes their requests on. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { Attempts } from '../net/attempts.ts';
import { contained } from '../net/contained.ts';
import type { Requester, RequestGateway } from '../requests/gateway.ts';
import { MAX_CLIENTS, MAX_MESSAGE_BYTES, MAX_MESSAGES_PER_MINUTE } from './options.ts';
import { answerMessage } from './request-message.ts';
import { refuseUpgrade } from './respond.ts';
import type { StreamClient } from './stream-client.ts';
import type { WebSocketSink } from './websocket-sink.ts';

/** A client that has not answered a ping by the next one is gone (a phone that left the room). */
const PING_INTERVAL_MS = 15_000;
const RETRY_AFTER_S = 30;

/** One page or program that is connected. */
interface Listener {
  readonly name: string;
  readonly client: StreamClient;
  readonly requester: Requester;
  /** Whether it has answered the last ping. */
  answered: boolean;
}

export class StreamEndpoint {
  readonly #sink: WebSocketSink;
  readonly #requests: RequestGateway | null;
  readonly #onFailure: (error: unknown) => void;
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    clientTracking: false,
  });
  readonly #listeners = new Map<WebSocket, Listener>();
  readonly #messages = new Attempts(MAX_MESSAGES_PER_MINUTE);
  #nextListener = 1;
  #pings: NodeJS.Timeout | null = null;

  /** @param onFailure is told of what went wrong inside */
  constructor(
    sink: WebSocketSink,
    requests: RequestGateway | null,
    onFailure: (error: unknown) => void = () => {},
  ) {
    this.#sink = sink;
    this.#requests = requests;
    this.#onFailure = onFailure;
  }

  start(): void {
    this.#pings = setInterval(
      contained(this.#onFailure, () => this.#ping()),
      PING_INTERVAL_MS,
    );
    this.#pings.unref();
  }

  stop(): void {
    if (this.#pings) clearInterval(this.#pings);
    this.#pings = null;
    for (const socket of this.#listeners.keys()) socket.close(1001, 'the daemon stops');
  }

  accept(request: IncomingMessage, socket: Duplex, head: Buffer, requester: Requester): void {
    if (this.#listeners.size >= MAX_CLIENTS) {
      refuseUpgrade(socket, 503, 'too many pages are open', RETRY_AFTER_S);
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (client) => this.#open(client, requester));
  }

  #open(socket: WebSocket, requester: Requester): void {
    // First of all: an error that nobody listens to ends the process.
    socket.on('error', () => socket.terminate());
    const client = this.#sink.attach(socket);
    const listener = { name: String(this.#nextListener++), client, requester, answered: true };
    this.#listeners.set(socket, listener);
    socket.on('pong', () => {
      listener.answered = true;
    });
    const take = (data: RawData, isBinary: boolean) => this.#take(socket, listener, data, isBinary);
    socket.on('message', contained(this.#onFailure, take));
    const leave = () => {
      this.#listeners.delete(socket);
      this.#sink.detach(client);
    };
    socket.on('close', contained(this.#onFailure, leave));
  }

  async #take(socket: WebSocket, listener: Listener, data: RawData, isBinary: boolean): Promise<void> {
    const { name, client, requester } = listener;
    this.#messages.add(name);
    if (isBinary || this.#messages.exhausted(name)) {
      socket.close(isBinary ? 1003 : 1008, isBinary ? 'text only' : 'too many messages');
      return;
    }
    client.sendText(await answerMessage(String(data), this.#requests, requester));
  }

  #ping(): void {
    for (const [socket, listener] of this.#listeners) {
      if (!listener.answered) {
        socket.terminate();
        continue;
      }
      listener.answered = false;
      socket.ping();
    }
  }
}
