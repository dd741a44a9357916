import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type ClientSocket,
  HOPELESS_ABOVE_BYTES,
  StreamClient,
  WAVE_RESUME_BELOW_BYTES,
  WAVE_SKIP_ABOVE_BYTES,
} from '@rhythmd/daemon/web/stream-client.ts';

class FakeSocket implements ClientSocket {
  bufferedAmount = 0;
  readonly sent: (string | Uint8Array)[] = [];
  closedWith: number | null = null;
  send(data: string | Uint8Array): void {
    this.sent.push(data);
  }
  close(code: number): void {
    this.closedWith = code;
  }
}

const frame = new Uint8Array(88);

test('a slow client loses waveform, is told how much, and never a beat', () => {
  const socket = new FakeSocket();
  const client = new StreamClient(socket);
  client.sendWave([frame], 0, 36);
  socket.bufferedAmount = WAVE_SKIP_ABOVE_BYTES + 1;
  client.sendWave([frame], 36, 36);
  client.sendText('beat');
  socket.bufferedAmount = WAVE_RESUME_BELOW_BYTES + 1;
  client.sendWave([frame], 72, 36);
  socket.bufferedAmount = 0;
  client.sendWave([frame], 108, 36);
  assert.deepEqual(socket.sent, [
    frame,
    'beat',
    '{"topic":"skipped","event":{"first_sample":36,"samples":72}}',
    frame,
  ]);
  assert.equal(client.samplesSkipped, 72);
});

test('a hopeless client is closed and hears nothing more', () => {
  const socket = new FakeSocket();
  const client = new StreamClient(socket);
  socket.bufferedAmount = HOPELESS_ABOVE_BYTES + 1;
  assert.equal(client.sendText('beat'), false);
  assert.equal(socket.closedWith, 1013);
  client.sendWave([frame], 0, 36);
  assert.equal(client.sendText('beat'), false);
  assert.deepEqual(socket.sent, []);
});
