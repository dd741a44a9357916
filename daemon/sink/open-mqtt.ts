/** The MQTT sink from the configuration. */
import { MEGABYTE } from '@rhythmd/shell/megabyte.ts';
import { configuredPath } from '../config/paths.ts';
import type { Config } from '../config/schema.ts';
import type { Logger } from '../log/logger.ts';
import type { RequestGateway } from '../requests/gateway.ts';
import { readCredentials } from './mqtt/credentials.ts';
import type { EmbeddedBrokerOptions } from './mqtt/embedded-broker.ts';
import { MqttSink, type MqttSinkOptions } from './mqtt.ts';
import { DurableOutbox } from './outbox/durable-outbox.ts';
import { MemoryOutbox } from './outbox/memory-outbox.ts';
import type { Outbox } from './outbox/message.ts';

const DAY_MS = 86_400_000;

export interface MqttSurroundings {
  readonly environment: NodeJS.ProcessEnv;
  readonly log: Logger;
  readonly requests: RequestGateway;
  readonly nowMs: () => number;
  readonly monotonicMs: () => number;
}

type MqttConfig = Pick<Config, 'device' | 'mqtt' | 'outbox' | 'homeassistant'>;

/** @throws E_DEVICE_ID; opens nothing yet */
export function openMqtt(config: MqttConfig, surroundings: MqttSurroundings): MqttSink {
  const { log, requests, nowMs, monotonicMs } = surroundings;
  return new MqttSink({
    device: config.device.id,
    base: config.mqtt.base,
    sayAgainMs: config.mqtt.say_again_s * 1000,
    embedded: embeddedOptions(config),
    external: externalOptions(config, surroundings),
    homeAssistant: config.homeassistant.discovery ? config.homeassistant.prefix : null,
    formerHomeAssistant: [config.homeassistant.prefix],
    wave: config.mqtt.wave,
    requests,
    log,
    nowMs,
    monotonicMs,
  });
}

function embeddedOptions({ mqtt }: MqttConfig): EmbeddedBrokerOptions | null {
  if (mqtt.embedded_port === 0) return null;
  return {
    host: mqtt.embedded_host,
    port: mqtt.embedded_port,
    usersFile: mqtt.embedded_users,
    certFile: mqtt.embedded_cert,
    keyFile: mqtt.embedded_key,
  };
}

function externalOptions(
  { device, mqtt, outbox }: MqttConfig,
  surroundings: MqttSurroundings,
): MqttSinkOptions['external'] {
  if (mqtt.url === '') return null;
  const { environment } = surroundings;
  const path = (file: string) => (file === '' ? '' : configuredPath(file, environment));
  const sources = {
    user: mqtt.user,
    password: mqtt.password,
    passwordFile: path(mqtt.password_file),
    caFile: path(mqtt.ca_file),
    certFile: path(mqtt.cert_file),
    keyFile: path(mqtt.key_file),
    folder: environment.CREDENTIALS_DIRECTORY ?? '',
  };
  return {
    broker: {
      url: mqtt.url,
      clientId: `rhythmd-${device.id}`,
      credentials: (url) => readCredentials({ ...sources, url }),
    },
    outbox: openOutbox(outbox, surroundings),
  };
}

function openOutbox(outbox: Config['outbox'], surroundings: MqttSurroundings): Outbox {
  const { environment, log, nowMs, monotonicMs } = surroundings;
  if (outbox.folder === '') return new MemoryOutbox();
  return new DurableOutbox({
    folder: configuredPath(outbox.folder, environment),
    maxBytes: outbox.max_mb * MEGABYTE,
    maxAgeMs: outbox.max_days * DAY_MS,
    log,
    nowMs,
    monotonicMs,
  });
}
