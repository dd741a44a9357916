/**
 * aedes numbers packets when they are published and drops, for each client, any whose number is below the last it
 * forwarded, as a duplicate. But a retained QoS 1 packet takes more asynchronous steps than a QoS 0 one, so one
 * published just before a QoS 0 packet arrives after it and is lost (seen with `lead` and `info` before `health`).
 * Here nothing is published twice: a client whose own subscriptions overlap may get a message twice instead, which
 * MQTT allows (3.3.5), and every beat and alert has an id.
 */
import type { Aedes } from 'aedes';

/** The part of aedes' client that remembers the last number, by broker id. */
interface NumberedClient {
  duplicates: Record<string, number>;
}

/** A memory that forgets: no packet is ever below the last one. */
const FORGETFUL: Record<string, number> = new Proxy(Object.create(null), { set: () => true });

/** For every client of this broker, from when it connects. */
export function keepOvertakenPackets(broker: Aedes): void {
  broker.on('client', (client) => {
    (client as unknown as NumberedClient).duplicates = FORGETFUL;
  });
}
