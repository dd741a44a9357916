/**
 * Requests to devices over the broker, and their answers. A broker may drop what a user must not say without a word, or hang
 * up: both are told in a sentence.
 */
import type { RequestBody, RequestResponse, RequestVerb } from '@rhythmd/protocol/requests.ts';
import type { WardBed } from '@rhythmd/protocol/ward.ts';
import { MAX_PAYLOAD_BYTES } from '../beds/read-message.ts';

const ANSWER_WITHIN_MS = 4000;
const MAX_PENDING = 100;

interface Pending {
  readonly topic: string;
  readonly label: string;
  readonly resolve: (data: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly timer: number;
}

export class Asking {
  readonly #publish: (topic: string, payload: string) => boolean;
  readonly #pending = new Map<string, Pending>();
  readonly #mark = `ward-${crypto.getRandomValues(new Uint32Array(1))[0]!.toString(36)}`;
  #count = 0;

  /** @param publish false: there is no broker */
  constructor(publish: (topic: string, payload: string) => boolean) {
    this.#publish = publish;
  }

  /** @returns the answer's data, as the device sent it; rejects with a sentence for people */
  ask<V extends RequestVerb>(bed: WardBed, verb: V, body: RequestBody<V>): Promise<unknown> {
    const { base, label } = bed;
    if (this.#pending.size >= MAX_PENDING)
      return Promise.reject(new Error('Too many requests wait for an answer'));
    const transaction = `${this.#mark}-${++this.#count}`;
    return new Promise((resolve, reject) => {
      const timer = window.setTimeout(() => {
        this.#pending.delete(transaction);
        reject(
          new Error(
            `${label} did not answer within ${ANSWER_WITHIN_MS / 1000} s: this user may not ask that, or the device is not there`,
          ),
        );
      }, ANSWER_WITHIN_MS);
      this.#pending.set(transaction, { topic: `${base}/response/${verb}`, label, resolve, reject, timer });
      if (this.#publish(`${base}/request/${verb}`, JSON.stringify({ transaction, ...body }))) return;
      this.#settle(transaction)?.reject(new Error('Not connected to a broker'));
    });
  }

  /** @returns whether it was an answer, of ours or of others */
  hear(topic: string, payload: Uint8Array): boolean {
    if (!/\/response\/[^/]+$/.test(topic)) return false;
    const response = readResponse(payload);
    const pending = this.#pending.get(response?.transaction ?? '');
    if (response === null || pending?.topic !== topic) return true;
    this.#settle(response.transaction!);
    if (response.status === 'ok') pending.resolve(response.data);
    else pending.reject(new Error(`${pending.label}: ${response.error?.message.slice(0, 200) ?? 'refused'}`));
    return true;
  }

  /** The connection is gone. Right after a request that is how some brokers say no. */
  disconnected(): void {
    for (const transaction of [...this.#pending.keys()]) {
      const pending = this.#settle(transaction);
      pending?.reject(
        new Error(
          `The broker hung up when ${pending.label} was asked: this user may not ask that, or it is gone`,
        ),
      );
    }
  }

  #settle(transaction: string): Pending | null {
    const pending = this.#pending.get(transaction);
    if (pending === undefined) return null;
    this.#pending.delete(transaction);
    window.clearTimeout(pending.timer);
    return pending;
  }
}

function readResponse(payload: Uint8Array): RequestResponse | null {
  if (payload.byteLength > MAX_PAYLOAD_BYTES) return null;
  try {
    const value = JSON.parse(new TextDecoder().decode(payload)) as RequestResponse | null;
    if (typeof value !== 'object' || value === null || typeof value.transaction !== 'string') return null;
    if (value.status !== 'ok' && value.status !== 'error') return null;
    const message = value.error?.message;
    return message === undefined || typeof message === 'string' ? value : null;
  } catch {
    return null;
  }
}
