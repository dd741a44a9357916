/** The connection to the daemon: comes back by itself, carries requests and their answers. */
import type { RequestAnswer, RequestBody, RequestVerb } from '@rhythmd/protocol/requests.ts';
import type { ResponseMessage, StreamMessage } from '@rhythmd/protocol/stream-messages.ts';
import { decodeWaveFrame, type WaveFrame } from '@rhythmd/protocol/wave-frame.ts';

export type ConnectionState = 'connecting' | 'open' | 'lost';

const RETRY_FIRST_MS = 500;
const RETRY_CEILING_MS = 8000;
/** The daemon speaks at least once a second (vitals, waveform): longer silence is a dead connection. */
const SILENCE_MS = 6000;
const ANSWER_TIMEOUT_MS = 20_000;

export interface StreamHandlers {
  message(message: StreamMessage): void;
  wave(frame: WaveFrame): void;
  /** @param retryAtMs when the next attempt is made, while lost, by the clock of `performance`. */
  state(state: ConnectionState, retryAtMs: number | null): void;
}

interface Pending {
  readonly resolve: (data: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly timer: number;
}

export class Stream {
  readonly #url: string;
  readonly #handlers: StreamHandlers;
  readonly #pending = new Map<string, Pending>();
  #socket: WebSocket | null = null;
  #retryMs = RETRY_FIRST_MS;
  #retryTimer = 0;
  #heardMs = 0;
  #transactions = 0;

  constructor(url: string, handlers: StreamHandlers) {
    this.#url = url;
    this.#handlers = handlers;
  }

  start(): void {
    this.#connect();
    window.setInterval(() => this.#watch(), 1000);
    window.addEventListener('online', () => this.retryNow());
  }

  /** Instead of waiting for the next attempt. */
  retryNow(): void {
    if (this.#socket !== null) return;
    this.#retryMs = RETRY_FIRST_MS;
    this.#connect();
  }

  /** @returns what the daemon answers; rejects with its words. */
  request<V extends RequestVerb>(verb: V, data: RequestBody<V>): Promise<RequestAnswer<V>> {
    const socket = this.#socket;
    if (!socket || socket.readyState !== WebSocket.OPEN) return Promise.reject(new Error('not connected'));
    const transaction = `page-${++this.#transactions}`;
    return new Promise((resolve, reject) => {
      const timer = window.setTimeout(() => {
        this.#pending.delete(transaction);
        reject(new Error('the daemon did not answer'));
      }, ANSWER_TIMEOUT_MS);
      this.#pending.set(transaction, { resolve: (data) => resolve(data as RequestAnswer<V>), reject, timer });
      socket.send(JSON.stringify({ request: verb, transaction, data }));
    });
  }

  #connect(): void {
    window.clearTimeout(this.#retryTimer);
    this.#handlers.state('connecting', null);
    const socket = new WebSocket(this.#url);
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    this.#heardMs = performance.now();
    socket.addEventListener('open', () => {
      this.#retryMs = RETRY_FIRST_MS;
      this.#handlers.state('open', null);
    });
    socket.addEventListener('message', ({ data }: MessageEvent<string | ArrayBuffer>) => {
      if (this.#socket === socket) this.#take(data);
    });
    socket.addEventListener('close', () => this.#lost(socket));
  }

  #take(data: string | ArrayBuffer): void {
    this.#heardMs = performance.now();
    if (typeof data !== 'string') {
      const frame = decodeWaveFrame(data);
      if (frame) this.#handlers.wave(frame);
      return;
    }
    const message = JSON.parse(data) as StreamMessage | ResponseMessage;
    if ('response' in message) this.#settle(message);
    else this.#handlers.message(message);
  }

  #settle(response: ResponseMessage): void {
    const pending = this.#pending.get(response.transaction ?? '');
    if (!pending) return;
    this.#pending.delete(response.transaction ?? '');
    window.clearTimeout(pending.timer);
    if (response.status === 'ok') pending.resolve(response.data);
    else pending.reject(new Error(response.error?.message ?? 'refused'));
  }

  #lost(socket: WebSocket): void {
    if (this.#socket !== socket) return;
    this.#socket = null;
    for (const { reject, timer } of this.#pending.values()) {
      window.clearTimeout(timer);
      reject(new Error('the connection was lost'));
    }
    this.#pending.clear();
    this.#handlers.state('lost', performance.now() + this.#retryMs);
    this.#retryTimer = window.setTimeout(() => this.#connect(), this.#retryMs);
    this.#retryMs = Math.min(RETRY_CEILING_MS, this.#retryMs * 2);
  }

  #watch(): void {
    const socket = this.#socket;
    if (!socket || performance.now() - this.#heardMs < SILENCE_MS) return;
    socket.close();
    this.#lost(socket);
  }
}
