/** What comes over the network: requests as MQTT and the page hand them over, HTTP, WebSocket, wave frames. */
import { connect } from 'node:net';
import { RequestGateway } from '@rhythmd/daemon/requests/gateway.ts';
import { answerMessage } from '@rhythmd/daemon/web/request-message.ts';
import { WebServer } from '@rhythmd/daemon/web/server.ts';
import { WebSocketSink } from '@rhythmd/daemon/web/websocket-sink.ts';
import { REQUEST_VERBS } from '@rhythmd/protocol/requests.ts';
import { decodeWaveFrame, encodeWaveFrame } from '@rhythmd/protocol/wave-frame.ts';
import { bytesOf, type FuzzTarget, textOf } from '../target.ts';

const gateway = new RequestGateway();
gateway.register(Object.fromEntries(REQUEST_VERBS.map((verb) => [verb, () => ({ ok: true })])));
const REQUESTER = { via: 'page', user: null, from: null } as const;

/** Every answer is one, and says whether it went well. */
function isAnswer(text: string): void {
  const { status } = JSON.parse(text) as { status?: string };
  if (status !== 'ok' && status !== 'error') throw new Error(`no answer: ${text.slice(0, 200)}`);
}

let port: Promise<number> | null = null;
function served(): Promise<number> {
  port ??= new WebServer(
    { host: '127.0.0.1', port: 0, token: '' },
    { sink: new WebSocketSink(), requests: gateway },
  )
    .start()
    .then((started) => started.port);
  return port;
}

/** Until the server hangs up or has had its say; whatever it answers is right as long as it lives. */
async function sent(input: Uint8Array): Promise<void> {
  const to = await served();
  await new Promise<void>((resolve) => {
    const socket = connect(to, '127.0.0.1', () => socket.end(input));
    socket.on('error', () => {});
    socket.on('close', () => resolve());
    socket.setTimeout(1000, () => socket.destroy());
    socket.resume();
  });
}

const HANDSHAKE =
  'GET /stream HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n';

export const NETWORK_TARGETS: readonly FuzzTarget[] = [
  {
    name: 'request-text',
    seeds: () =>
      ['', '{"transaction":"1","seconds":10}', '{"sample":5,"text":"x"}', '{"id":"a-1","seconds":60}'].map(
        bytesOf,
      ),
    words: ['"seconds":', '"sample":', '"t_ms":', '"lead":', '"id":', 'null', '[]', '"__proto__":{}'],
    run: async (input) => {
      for (const verb of [...REQUEST_VERBS, textOf(input).slice(0, 9)]) {
        isAnswer(JSON.stringify(await gateway.answerText(verb, textOf(input), REQUESTER)));
      }
    },
  },
  {
    name: 'websocket-message',
    seeds: () =>
      [
        '{"request":"strip","transaction":"4","data":{"seconds":10}}',
        '{"request":"silence","transaction":"1","data":{"id":"x","seconds":60}}',
      ].map(bytesOf),
    words: [...REQUEST_VERBS.map((verb) => `"${verb}"`), '"data":', '"request":', '1e9', '1e300'],
    run: async (input) => isAnswer(await answerMessage(textOf(input), gateway, REQUESTER)),
  },
  {
    name: 'http',
    seeds: () =>
      [
        'GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n',
        'GET // HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
        'POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 7\r\n\r\ntoken=x',
      ].map(bytesOf),
    words: [
      'GET /api/state',
      '/api/strips/',
      'Transfer-Encoding: chunked\r\n',
      'Content-Length: ',
      '\r\n\r\n',
      'Upgrade: websocket\r\n',
      'Connection: Upgrade\r\n',
      'Host: \r\n',
      'Origin: http://x\r\n',
    ],
    run: sent,
  },
  {
    name: 'websocket-frames',
    // Masked text and ping frames, behind the handshake.
    seeds: () => [
      Uint8Array.from([0x81, 0x82, 0, 0, 0, 0, 0x7b, 0x7d]),
      Uint8Array.from([0x89, 0x80, 0, 0, 0, 0]),
    ],
    words: ['\x81\xfe', '\x89\x80', '\x88\x80', '\x82\xff'],
    run: (input) => sent(Buffer.concat([bytesOf(HANDSHAKE), input])),
  },
  {
    name: 'wave-frame',
    seeds: () => [encodeWaveFrame(0, 5, Float32Array.of(0.1, 0.2, Number.NaN), 3)],
    run: (input) => {
      decodeWaveFrame(Uint8Array.from(input).buffer);
    },
  },
];
