/**
 * The connections a listener holds, bounded so that nobody is shut out by somebody who only holds lines: when all
 * places are taken, the newcomer gets the place of the one that has waited longest without saying anything whole
 * (half a request, no CONNECT), or else of the one that has been served longest.
 *
 * Every socket gets an `error` listener for its whole life: a peer may reset at any moment, and an `error` event that
 * nobody listens to ends the process.
 */
import type { Duplex } from 'node:stream';

export interface HeldSocket extends Duplex {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
}

export class HeldSockets {
  readonly #limit: number;
  /** Both in the order of arrival. */
  readonly #waiting = new Map<string, HeldSocket>();
  readonly #served = new Map<string, HeldSocket>();
  /** Connections that were closed to make room. */
  evicted = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#waiting.size + this.#served.size;
  }

  /** A connection that has said nothing yet. The same one again (TLS puts a second socket on it) takes no second place. */
  add(socket: HeldSocket): void {
    socket.on('error', () => socket.destroy());
    const name = nameOf(socket);
    if (socket.destroyed || this.#waiting.has(name) || this.#served.has(name)) return;
    if (this.size >= this.#limit) this.#evictOne();
    this.#waiting.set(name, socket);
    socket.once('close', () => {
      for (const places of [this.#waiting, this.#served]) {
        if (places.get(name) === socket) places.delete(name);
      }
    });
  }

  /** It has said something whole and is being served. */
  serve(socket: HeldSocket): void {
    this.#move(socket, this.#waiting, this.#served);
  }

  /** It has been served and may say something else: the youngest of those that wait. */
  wait(socket: HeldSocket): void {
    this.#move(socket, this.#served, this.#waiting);
  }

  destroyAll(): void {
    for (const socket of [...this.#waiting.values(), ...this.#served.values()]) socket.destroy();
  }

  #move(socket: HeldSocket, from: Map<string, HeldSocket>, to: Map<string, HeldSocket>): void {
    const name = nameOf(socket);
    const held = from.get(name);
    if (held === undefined) return;
    from.delete(name);
    to.set(name, held);
  }

  #evictOne(): void {
    const places = this.#waiting.size > 0 ? this.#waiting : this.#served;
    const oldest = places.entries().next();
    if (oldest.done) return;
    const [name, socket] = oldest.value;
    places.delete(name);
    socket.destroy();
    this.evicted++;
  }
}

/** Unique while the connection lasts, and the same for a socket and the TLS socket upon it. */
function nameOf({ remoteAddress, remotePort }: HeldSocket): string {
  return `${remoteAddress} ${remotePort}`;
}
