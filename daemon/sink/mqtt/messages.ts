/** What travels between the sink and a broker, whichever broker it is. */

import type { Requester } from '../../requests/gateway.ts';

export type Qos = 0 | 1;

/** A message that comes from a broker: a request, or Home Assistant's birth. */
export interface IncomingMessage {
  readonly topic: string;
  /** null: longer than anything we take, and not read. */
  readonly payload: string | null;
  readonly requester: Requester;
  /** MQTT 5: where the asker wants the answer, and its mark to send along; null when unsaid. */
  readonly responseTopic: string | null;
  readonly correlation: Buffer | null;
  /** An old one that the broker kept. */
  readonly retained: boolean;
}

export type OnIncoming = (message: IncomingMessage, answer: Answer) => void;

/** Sends one message back to the broker the question came from. */
export type Answer = (topic: string, payload: string, correlation: Buffer | null) => void;

/** Incoming payloads above this are not read: nothing we take is near it. */
const MAX_INCOMING_BYTES = 16 * 1024;

/** @returns null when it is too long */
export function readPayload(payload: Buffer | string): string | null {
  return payload.length > MAX_INCOMING_BYTES ? null : payload.toString();
}
