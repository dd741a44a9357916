/** What one MQTT.js client of one connection tells, and what was said before it closed. */
import type { IConnackPacket, IPublishPacket, MqttClient } from 'mqtt';
import { contained } from '../../net/contained.ts';

export interface ClientListeners {
  readonly onConnect: (connack: IConnackPacket) => void;
  readonly onMessage: (topic: string, payload: Buffer, packet: IPublishPacket) => void;
  /** Once. @param failure the first thing that went wrong, in the broker's or the network's words; null where nobody said */
  readonly onClose: (failure: unknown) => void;
  /** What a listener threw. */
  readonly onFailure: (error: unknown) => void;
}

export function listenTo(client: MqttClient, listeners: ClientListeners): void {
  const { onConnect, onMessage, onClose, onFailure } = listeners;
  let failure: unknown = null;
  client.on('error', (error) => {
    failure ??= error;
  });
  // MQTT 5: the broker says why before it hangs up.
  client.on('disconnect', ({ reasonCode = 0 }) => {
    failure ??= Object.assign(new Error(`reason ${reasonCode}`), { code: reasonCode });
  });
  client.once('connect', contained(onFailure, onConnect));
  client.on('message', contained(onFailure, onMessage));
  client.once(
    'close',
    contained(onFailure, () => onClose(failure)),
  );
}
