import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { HeldSockets } from '@rhythmd/daemon/net/held-sockets.ts';
import { until } from '../../support/until.ts';

async function listener(t: TestContext, limit: number) {
  const held = new HeldSockets(limit);
  const accepted: Socket[] = [];
  const server: Server = createServer((socket) => {
    socket.resume();
    held.add(socket);
    accepted.push(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    held.destroyAll();
    server.close();
  });
  const call = async (): Promise<Socket> => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.on('error', () => {});
    const before = accepted.length;
    await until(() => accepted.length > before, 'accepted');
    return socket;
  };
  return { held, accepted, call };
}

test('a reset ends nothing but its own connection', async (t) => {
  const { held, call } = await listener(t, 4);
  const socket = await call();
  assert.equal(held.size, 1);
  socket.write('half a');
  socket.resetAndDestroy();
  await until(() => held.size === 0, 'forgotten');
});

test('the newcomer gets the place of the one that has waited longest; who is served stays', async (t) => {
  const { held, accepted, call } = await listener(t, 3);
  const sockets = [await call(), await call(), await call()];
  held.serve(accepted[0]!);
  const newcomer = await call();
  await until(() => sockets[1]!.closed, 'the longest waiting is gone');
  assert.deepEqual([sockets[0]!.closed, sockets[2]!.closed, newcomer.closed], [false, false, false]);
  assert.equal(held.size, 3);
  assert.equal(held.evicted, 1);
  held.wait(accepted[0]!);
  await call();
  await until(() => sockets[2]!.closed, 'who has been served is the youngest of those that wait');
  assert.equal(sockets[0]!.closed, false);
});

test('with all places served the longest served goes', async (t) => {
  const { held, accepted, call } = await listener(t, 2);
  const first = await call();
  await call();
  for (const socket of accepted) held.serve(socket);
  await call();
  await until(() => first.closed, 'gone');
  assert.equal(held.size, 2);
});
