/** A subscriber that subscribes to everything and then never reads: what a broker must survive. */
import { connect, type Socket } from 'node:net';

/** CONNECT, MQTT 3.1.1, clean session, no keep-alive (MQTT 3.1.1, 3.1). */
function connectPacket(clientId: string): Buffer {
  const rest = Buffer.concat([
    Buffer.from([0, 4]),
    Buffer.from('MQTT'),
    Buffer.from([4, 2, 0, 0, 0, clientId.length]),
    Buffer.from(clientId),
  ]);
  return Buffer.concat([Buffer.from([0x10, rest.length]), rest]);
}

/** SUBSCRIBE to `#` at QoS 1 (3.8). */
const SUBSCRIBE_ALL = Buffer.from([0x82, 6, 0, 1, 0, 1, 0x23, 1]);

export async function connectStuckSubscriber(port: number, clientId: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  // It is meant to be thrown out.
  socket.on('error', () => {});
  socket.write(Buffer.concat([connectPacket(clientId), SUBSCRIBE_ALL]));
  // CONNACK says that the broker knows it; from then on it reads nothing.
  await new Promise<void>((resolve) => socket.once('data', () => resolve()));
  socket.pause();
  return socket;
}
