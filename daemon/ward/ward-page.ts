/**
 * The ward page's server: files and settings, nothing of a patient. What the beds say goes from the broker to the browser.
 * Hardened as the daemon's own page is, by the same `[web]` section.
 */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { Ward } from '@rhythmd/protocol/ward.ts';
import type { WebOptions } from '../web/options.ts';
import { json } from '../web/respond.ts';
import { WebServer } from '../web/server.ts';
import { readWardFile } from './ward-file.ts';

export interface WardPageOptions {
  readonly web: WebOptions;
  /** ws:// or wss://, in the order in which the page tries them. */
  readonly brokers: readonly string[];
  /** The beds, or the file of their list, which is read again whenever the page is loaded; null: no list. */
  readonly beds: string | Ward | null;
  /** A retained topic that holds it; null: none. */
  readonly bedsTopic: string | null;
  readonly onError: (text: string) => void;
}

/** @throws E_WARD_BROKER, E_WARD_FILE, E_CONFIG_FILE, E_CONFIG_SYNTAX: before anything listens */
export function wardPage(options: WardPageOptions): WebServer {
  const { web, brokers, beds, bedsTopic, onError } = options;
  const connectsTo = brokers.map(originOf);
  const settings = () => ({
    brokers,
    bedsTopic,
    ward: typeof beds === 'string' ? readWardFile(beds) : beds,
  });
  settings();
  return new WebServer(web, {
    page: 'ward',
    connectsTo,
    sink: null,
    requests: null,
    routes: [
      { path: '/ward.json', answer: () => json(settings()) },
      { path: '/healthz', answer: () => json({ status: 'ok' }) },
    ],
    onError,
  });
}

/** What a browser may open, and the policy of the page may name. */
function originOf(broker: string): string {
  const url = URL.canParse(broker) ? new URL(broker) : null;
  if (url === null || !/^wss?:$/.test(url.protocol)) {
    throw refused(
      broker,
      'is no address of MQTT over WebSocket',
      'Write ws://HOST:PORT or wss://HOST:PORT/PATH',
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw refused(
      `${url.protocol}//${url.host}`,
      'has a password in it, which the page would tell everybody',
      'Leave it out: the page asks',
    );
  }
  return `${url.protocol}//${url.host}`;
}

function refused(broker: string, what: string, fix: string): RhythmdError {
  return new RhythmdError('E_WARD_BROKER', `--broker ${broker} ${what}`, fix);
}
