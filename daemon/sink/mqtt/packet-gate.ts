/**
 * What clients say to the embedded broker is looked at before its parser sees it: aedes gathers a packet until it is
 * whole, however long it says it is, and parses all that has arrived in one turn. Here a packet longer than its kind
 * needs ends the connection, and a client that says more than its share waits.
 *
 * The head of every packet (MQTT 3.1.1, 2.2):
 *
 * | byte | holds |
 * |---|---|
 * | 0 | kind (upper four bits), flags |
 * | 1 to 4 | how many bytes follow: 7 bits a byte, least first, the upper bit says that another comes |
 */

/** Our topics are short and what we take is small; others may send each other a picture, not a film. */
const LONGEST_BYTES: Readonly<Record<number, number>> = {
  1: 16 * 1024, // CONNECT, with a will
  3: 64 * 1024, // PUBLISH
  4: 256, // PUBACK, with MQTT 5's reason
  5: 256, // PUBREC
  6: 256, // PUBREL
  7: 256, // PUBCOMP
  8: 8 * 1024, // SUBSCRIBE
  10: 8 * 1024, // UNSUBSCRIBE
  12: 0, // PINGREQ
  14: 256, // DISCONNECT
};

/** In publications: subscribing searches the topics of everybody, an acknowledgement nearly nothing. */
const COSTS: Readonly<Record<number, number>> = { 1: 10, 4: 0.1, 5: 0.1, 6: 0.1, 7: 0.1, 8: 10, 10: 10 };

/** `waiting`: a packet's first byte comes next; `length`: the bytes of its length; `body`: what follows. */
type Place = 'waiting' | 'length' | 'body';

export class PacketGate {
  #place: Place = 'waiting';
  #kind = 0;
  #length = 0;
  #shift = 0;
  #left = 0;

  /**
   * @param chunk what arrived, in any pieces
   * @returns what it costs (1 is a publication), or why the connection must end
   */
  inspect(chunk: Uint8Array): number | string {
    let cost = 0;
    for (let i = 0; i < chunk.length; ) {
      if (this.#place === 'body') {
        const taken = Math.min(this.#left, chunk.length - i);
        this.#left -= taken;
        i += taken;
        if (this.#left === 0) this.#place = 'waiting';
        continue;
      }
      const byte = chunk[i++]!;
      if (this.#place === 'waiting') {
        this.#kind = byte >> 4;
        if (LONGEST_BYTES[this.#kind] === undefined) return `a packet of kind ${this.#kind}`;
        cost += COSTS[this.#kind] ?? 1;
        this.#place = 'length';
        this.#length = 0;
        this.#shift = 0;
        continue;
      }
      this.#length += (byte & 0x7f) * 2 ** this.#shift;
      this.#shift += 7;
      if (this.#length > LONGEST_BYTES[this.#kind]! || this.#shift > 28) {
        return `a packet of kind ${this.#kind} that is longer than ${LONGEST_BYTES[this.#kind]} bytes`;
      }
      if (byte & 0x80) continue;
      this.#left = this.#length;
      this.#place = this.#left === 0 ? 'waiting' : 'body';
    }
    return cost;
  }
}
