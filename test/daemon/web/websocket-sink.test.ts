import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClientSocket } from '@rhythmd/daemon/web/stream-client.ts';
import { WebSocketSink } from '@rhythmd/daemon/web/websocket-sink.ts';
import type { Samples } from '@rhythmd/ecg/types.ts';
import type { StreamMessage } from '@rhythmd/protocol/stream-messages.ts';
import { decodeWaveFrame } from '@rhythmd/protocol/wave-frame.ts';
import { alertEvent } from '../../support/stage.ts';

class Listener implements ClientSocket {
  bufferedAmount = 0;
  readonly messages: StreamMessage[] = [];
  readonly frames: { lead: number; first: number; samples: Float32Array }[] = [];
  send(data: string | Uint8Array): void {
    if (typeof data === 'string') this.messages.push(JSON.parse(data) as StreamMessage);
    else this.frames.push(decodeWaveFrame(Uint8Array.from(data).buffer)!);
  }
  close(): void {}
  received(lead: number): number[] {
    return this.frames.filter((frame) => frame.lead === lead).flatMap(({ samples }) => [...samples]);
  }
}

function block(first: number, count: number, lost = 0): Samples {
  const leads = [0, 1].map((lead) =>
    Float32Array.from({ length: count }, (_, i) => ((first + i) % 1000) / 1000 + lead),
  );
  return { first, rateHz: 360, leads, count, flags: 0, lost };
}

test('every sample of every lead arrives once, whatever the blocks', () => {
  let nowMs = 0;
  const sink = new WebSocketSink(() => nowMs);
  const listener = new Listener();
  sink.attach(listener);
  let first = 0;
  for (const count of [1, 7, 40, 360, 5000, 3, 36]) {
    sink.wave(block(first, count), 0);
    first += count;
    nowMs += 30;
  }
  void sink.stop();
  for (const lead of [0, 1]) {
    const received = listener.received(lead);
    assert.equal(received.length, first);
    received.forEach((value, i) => {
      assert.ok(Math.abs(value - ((i % 1000) / 1000 + lead)) < 0.0006, `sample ${i}`);
    });
  }
  assert.ok(listener.frames.length < 20, 'gathered into few frames');
});

test('a gap is said, not filled', () => {
  const sink = new WebSocketSink(() => 0);
  const listener = new Listener();
  sink.attach(listener);
  sink.wave(block(0, 10), 0);
  sink.wave(block(100, 40, 90), 0);
  assert.deepEqual(
    listener.frames.filter(({ lead }) => lead === 0).map((frame) => frame.first),
    [0],
    'what came before the gap was sent at once',
  );
  assert.deepEqual(
    listener.messages.find(({ topic }) => topic === 'gap'),
    { topic: 'gap', event: { sample: 100, lost: 90 } },
  );
});

test('who comes later gets the state, the last alerts once each and the last seconds of waveform', () => {
  let nowMs = 0;
  const sink = new WebSocketSink(() => nowMs);
  for (let first = 0; first < 360 * 60; first += 90) {
    sink.wave(block(first, 90), 0);
    nowMs += 250;
  }
  sink.alert(alertEvent({ id: 'a' }));
  sink.alert(alertEvent({ id: 'b' }));
  sink.alert(alertEvent({ id: 'a', phase: 'end' }));
  const listener = new Listener();
  sink.attach(listener);
  const hello = listener.messages[0];
  assert.ok(hello?.topic === 'hello');
  assert.deepEqual(
    hello.event.alerts.map(({ id, phase }) => [id, phase]),
    [
      ['b', 'start'],
      ['a', 'end'],
    ],
  );
  const kept = listener.received(0).length;
  assert.ok(kept >= 360 * 14 && kept <= 360 * 16, `${kept} samples`);
});

test('indices that go back begin another stream: everybody is told, nothing old is kept', () => {
  const sink = new WebSocketSink(() => 0);
  const listener = new Listener();
  sink.attach(listener);
  sink.wave(block(0, 720), 1000);
  sink.quality({ lead: 0, sample: 700, quality: 'off' });
  sink.wave(block(0, 36), 90_000);
  const hellos = listener.messages.filter(({ topic }) => topic === 'hello');
  assert.equal(hellos.length, 2);
  const again = hellos[1]!;
  assert.ok(again.topic === 'hello');
  assert.deepEqual(again.event.clock, { sample: 0, t_ms: 90_000 });
  assert.deepEqual(again.event.qualities, []);
});

test('memory is bounded however long it runs', () => {
  const sink = new WebSocketSink(() => 0);
  for (let i = 0; i < 5000; i++) {
    sink.alert(alertEvent({ id: `a${i}` }));
    sink.wave(block(i * 100, 50, 50), 0);
  }
  const hello = sink.recent.hello();
  assert.equal(hello.alerts.length, 200);
  assert.equal(hello.gaps.length, 100);
});
