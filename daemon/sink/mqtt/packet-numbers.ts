/**
 * The writer of MQTT packets that broker and client share makes all 65,536 packet numbers in advance, each as a Buffer: 10 MB,
 * and some tens of millions of instructions on the first packet. A daemon says ten a second: it makes them as it goes.
 */
import { writeToStream } from 'mqtt-packet';

/** Before the first packet of this process. */
export function makeNumbersAsTheyGo(): void {
  writeToStream.cacheNumbers = false;
}
