/** The MQTT sink and a mosquitto for it, gone when the test ends. */
import type { TestContext } from 'node:test';
import type { Logger } from '@rhythmd/daemon/log/logger.ts';
import type { BrokerOptions } from '@rhythmd/daemon/sink/mqtt/broker-connection.ts';
import { type CredentialSources, readCredentials } from '@rhythmd/daemon/sink/mqtt/credentials.ts';
import { MqttSink, type MqttSinkOptions } from '@rhythmd/daemon/sink/mqtt.ts';
import { MemoryOutbox } from '@rhythmd/daemon/sink/outbox/memory-outbox.ts';
import { Mosquitto, type MosquittoOptions } from '../mosquitto.ts';

export const LOOPBACK_BROKER = { host: '127.0.0.1', port: 0, usersFile: '', certFile: '', keyFile: '' };

const NO_CREDENTIALS: CredentialSources = {
  url: '',
  user: '',
  password: '',
  passwordFile: '',
  caFile: '',
  certFile: '',
  keyFile: '',
  folder: '',
};

export function brokerOptions(url: string, sources: Partial<CredentialSources> = {}): BrokerOptions {
  return {
    url,
    clientId: 'rhythmd-d1',
    credentials: () => readCredentials({ ...NO_CREDENTIALS, url, ...sources }),
    firstRetryMs: 50,
    mostRetryMs: 500,
    keepaliveS: 1,
  };
}

/** Everything said in the log, as one text. */
export class LogText implements Logger {
  text = '';
  #add(message: string | (() => string)): void {
    this.text += `${typeof message === 'function' ? message() : message}\n`;
  }
  error = this.#add;
  warn = this.#add;
  info = this.#add;
  debug = this.#add;
}

export interface StartedSink {
  readonly sink: MqttSink;
  readonly log: LogText;
}

export async function startSink(
  t: TestContext,
  broker: BrokerOptions | string | null,
  options: Partial<MqttSinkOptions> = {},
): Promise<StartedSink> {
  const log = new LogText();
  const external = typeof broker === 'string' ? brokerOptions(broker) : broker;
  const sink = new MqttSink({
    device: 'd1',
    embedded: null,
    external: external === null ? null : { broker: external, outbox: new MemoryOutbox() },
    homeAssistant: null,
    wave: false,
    requests: null,
    log,
    nowMs: () => Date.now(),
    monotonicMs: () => performance.now(),
    ...options,
  });
  await sink.start();
  t.after(() => sink.stop());
  return { sink, log };
}

export async function startMosquitto(t: TestContext, options: MosquittoOptions = {}): Promise<Mosquitto> {
  const mosquitto = new Mosquitto(options);
  t.after(() => mosquitto.remove());
  await mosquitto.start();
  return mosquitto;
}
