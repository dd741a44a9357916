/**
 * One page or program on the WebSocket, and what happens when it reads too slowly: above a bound it loses
 * waveform and is told how much; beats, alerts and answers are always queued; beyond a second bound it is
 * hopeless and is closed (it may come back and starts afresh).
 */

/** What of a `ws` socket is used; a test passes its own. */
export interface ClientSocket {
  readonly bufferedAmount: number;
  send(data: string | Uint8Array): void;
  close(code: number, reason: string): void;
}

/** About 20 s of two leads at 360 Hz, beyond what the kernel buffers: more than a hiccup of a radio. */
export const WAVE_SKIP_ABOVE_BYTES = 32 * 1024;
export const WAVE_RESUME_BELOW_BYTES = 4 * 1024;
/** More than an hour of beats. Nobody reads that any more. */
export const HOPELESS_ABOVE_BYTES = 4 * 1024 * 1024;
/** RFC 6455, 7.4.1: try again later. */
const CLOSE_TRY_AGAIN_LATER = 1013;

export class StreamClient {
  readonly #socket: ClientSocket;
  #skipping = false;
  #closed = false;
  #skippedFirst = 0;
  #skippedEnd = 0;
  /** Samples of one lead this client did not get. */
  samplesSkipped = 0;

  constructor(socket: ClientSocket) {
    this.#socket = socket;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** A JSON message: never skipped. @returns false when the client was hopeless and is now closed. */
  sendText(text: string): boolean {
    if (this.#closed) return false;
    if (this.#socket.bufferedAmount > HOPELESS_ABOVE_BYTES) {
      this.#closed = true;
      this.#socket.close(CLOSE_TRY_AGAIN_LATER, 'reads too slowly');
      return false;
    }
    this.#socket.send(text);
    return true;
  }

  /** A stretch of waveform, one frame a lead: all of it or nothing. */
  sendWave(frames: readonly Uint8Array[], first: number, count: number): void {
    if (this.#closed) return;
    const buffered = this.#socket.bufferedAmount;
    if (this.#skipping ? buffered > WAVE_RESUME_BELOW_BYTES : buffered > WAVE_SKIP_ABOVE_BYTES) {
      if (!this.#skipping) this.#skippedFirst = first;
      this.#skipping = true;
      this.#skippedEnd = first + count;
      this.samplesSkipped += count;
      return;
    }
    if (this.#skipping) {
      this.#skipping = false;
      const event = { first_sample: this.#skippedFirst, samples: this.#skippedEnd - this.#skippedFirst };
      if (!this.sendText(JSON.stringify({ topic: 'skipped', event }))) return;
    }
    for (const frame of frames) this.#socket.send(frame);
  }
}
