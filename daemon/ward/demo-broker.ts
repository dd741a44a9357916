/** A broker for the demo ward: MQTT over WebSocket on this machine only, for pages of this machine; nothing is kept. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createWebSocketStream, WebSocketServer } from 'ws';
import { isLoopback } from '../net/addresses.ts';

const MAX_MESSAGE_BYTES = 256 * 1024;

export interface DemoBroker {
  readonly url: string;
  stop(): Promise<void>;
}

/** @param port 0: any free one */
export async function startDemoBroker(port: number): Promise<DemoBroker> {
  const { Aedes } = await import('aedes');
  const broker = await Aedes.createBroker();
  const server = createServer((_request, response) => response.writeHead(426).end());
  const sockets = new WebSocketServer({
    server,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has('mqtt') ? 'mqtt' : false),
    verifyClient: ({ req }: { req: IncomingMessage }) => isOwnPage(req.headers.origin),
  });
  sockets.on('connection', (socket, request) => {
    const stream = createWebSocketStream(socket);
    stream.on('error', () => stream.destroy());
    broker.handle(stream, request);
  });
  // A client that hangs up in the middle is no fault of ours.
  broker.on('clientError', () => {});
  broker.on('connectionError', () => {});
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      for (const socket of sockets.clients) socket.terminate();
      await new Promise<void>((resolve) => broker.close(() => resolve()));
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

/** Programs send no origin; pages from elsewhere are nobody's business here. */
function isOwnPage(origin: string | undefined): boolean {
  if (origin === undefined) return true;
  const host = URL.canParse(origin) ? new URL(origin).hostname.replace(/^\[|\]$/g, '') : '';
  return host === 'localhost' || isLoopback(host);
}
