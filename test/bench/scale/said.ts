/** What one device says to a broker: the real daemon on a record in real time, counted by topic. */
import { readTopic } from '@rhythmd/protocol/topics.ts';
import { connectAsync } from 'mqtt';
import { DaemonProcess } from '../../support/daemon-process.ts';
import { Mosquitto } from '../../support/mosquitto.ts';

export interface SaidRow {
  readonly path: string;
  readonly messagesPerSecond: number;
  /** Of payload and topic. */
  readonly bytesPerSecond: number;
}

export async function countSaid(record: string, seconds: number): Promise<SaidRow[]> {
  const mosquitto = new Mosquitto();
  let daemon: DaemonProcess | null = null;
  try {
    await mosquitto.start();
    const counts = new Map<string, { messages: number; bytes: number }>();
    let counting = false;
    const client = await connectAsync(mosquitto.url, {}, false);
    client.on('message', (topic, payload, packet) => {
      const path = readTopic(topic)?.path.replace(/^strip\/.*/, 'strip');
      if (!counting || path === undefined || packet.retain) return;
      const row = counts.get(path) ?? { messages: 0, bytes: 0 };
      counts.set(path, { messages: row.messages + 1, bytes: row.bytes + payload.length + topic.length });
    });
    await client.subscribeAsync('ecg/#', { qos: 1 });
    daemon = await DaemonProcess.start({
      RHYTHMD_SOURCE_URL: `wfdb:${record}?speed=1`,
      RHYTHMD_MQTT_URL: mosquitto.url,
      RHYTHMD_MQTT_EMBEDDED_PORT: '0',
      RHYTHMD_MQTT_WAVE: 'true',
    });
    // Its first seconds are of no beats.
    await new Promise((resolve) => setTimeout(resolve, 15_000));
    counting = true;
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    counting = false;
    client.end(true);
    // The device's own clock: vitals are said once a second, and a machine that starves the daemon starves its signal alike.
    const ownSeconds = counts.get('vitals')?.messages ?? seconds;
    return [...counts]
      .map(([path, { messages, bytes }]) => ({
        path,
        messagesPerSecond: messages / ownSeconds,
        bytesPerSecond: bytes / ownSeconds,
      }))
      .sort((a, b) => b.bytesPerSecond - a.bytesPerSecond);
  } finally {
    await daemon?.stop();
    await mosquitto.remove();
  }
}
