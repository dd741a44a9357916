/**
 * Home Assistant's device discovery (home-assistant.io/integrations/mqtt, "Device discovery payload"; since
 * 2024.11): one retained message describes the device and its entities. A null in our payloads renders as
 * `None`, which Home Assistant shows as unknown.
 */
import type { InfoEvent } from '@rhythmd/protocol/events.ts';
import type { Topics } from '@rhythmd/protocol/topics.ts';

interface Entity {
  readonly platform: 'sensor' | 'binary_sensor' | 'button';
  readonly name: string;
  readonly [key: string]: unknown;
}

export interface Discovery {
  readonly topic: string;
  readonly payload: object;
}

/** Where Home Assistant says that it has started: its default, whatever the discovery prefix, and below the prefix. */
const DEFAULT_PREFIX = 'homeassistant';

export function birthTopicsOf(prefix: string): string[] {
  return [...new Set([`${DEFAULT_PREFIX}/status`, `${prefix}/status`])];
}

/** Where a discovery of ours may lie that is not meant any more. @param prefix null: discovery is off */
export function formerDiscoveriesOf(
  device: string,
  prefixes: readonly string[],
  prefix: string | null,
): string[] {
  const former = new Set([DEFAULT_PREFIX, ...prefixes]);
  if (prefix !== null) former.delete(prefix);
  return [...former].map((name) => topicOf(name, device));
}

/** Whether a retained message is one of ours, and not of a device that has our name by chance. */
export function isDiscovery(payload: string): boolean {
  try {
    return (JSON.parse(payload) as { origin?: { name?: unknown } } | null)?.origin?.name === 'rhythmd';
  } catch {
    return false;
  }
}

function topicOf(prefix: string, device: string): string {
  return `${prefix}/device/ecg_${device}/config`;
}

export function discoveryOf(prefix: string, device: string, topics: Topics, info: InfoEvent): Discovery {
  const id = `ecg_${device}`;
  const entities = Object.entries(entitiesOf(topics)).map(([key, entity]) => [
    key,
    { ...entity, unique_id: `${id}_${key}` },
  ]);
  return {
    topic: topicOf(prefix, device),
    payload: {
      device: {
        identifiers: [id],
        name: `ECG ${device}`,
        manufacturer: 'rhythmd',
        ...(info.board === null ? {} : { model: info.board }),
        sw_version: info.version,
      },
      origin: { name: 'rhythmd', sw_version: info.version },
      availability: [{ topic: topics.state, value_template: '{{ value_json.state }}' }],
      components: Object.fromEntries(entities),
      qos: 1,
    },
  };
}

function entitiesOf(topics: Topics): Record<string, Entity> {
  const measured = (name: string, topic: string, field: string, unit: string | null): Entity => ({
    platform: 'sensor',
    name,
    state_topic: topic,
    value_template: `{{ value_json.${field} }}`,
    state_class: 'measurement',
    ...(unit === null ? {} : { unit_of_measurement: unit }),
  });
  const diagnostic = (entity: Entity): Entity => ({ ...entity, entity_category: 'diagnostic' });
  const button = (name: string, verb: string, payload: object, icon: string): Entity => ({
    platform: 'button',
    name,
    command_topic: topics.request(verb),
    payload_press: JSON.stringify(payload),
    icon,
  });
  // `beats_per_min` is null as a whole when nothing is known, and lacks what the model does not name.
  const perMinute = (name: string, label: string): Entity => ({
    ...measured(name, topics.vitals, '', '1/min'),
    value_template: `{{ value_json.beats_per_min.get('${label}') if value_json.beats_per_min else None }}`,
  });
  return {
    heart_rate: { ...measured('Heart rate', topics.vitals, 'hr_bpm', 'bpm'), icon: 'mdi:heart-pulse' },
    rr: measured('RR interval', topics.vitals, 'rr_ms', 'ms'),
    sdnn: measured('SDNN', topics.vitals, 'sdnn_ms', 'ms'),
    ventricular_beats: perMinute('Ventricular beats', 'V'),
    supraventricular_beats: perMinute('Supraventricular beats', 'S'),
    lead: {
      platform: 'binary_sensor',
      name: 'Electrodes',
      device_class: 'connectivity',
      state_topic: topics.lead,
      value_template: "{{ 'ON' if value_json.connected else 'OFF' }}",
      json_attributes_topic: topics.lead,
    },
    alert: {
      platform: 'binary_sensor',
      name: 'Alert',
      device_class: 'problem',
      state_topic: topics.alertActive,
      value_template: "{{ 'ON' if value_json | length > 0 else 'OFF' }}",
    },
    alert_text: {
      platform: 'sensor',
      name: 'Alert text',
      state_topic: topics.alertActive,
      // A state in Home Assistant holds 255 characters.
      value_template:
        "{{ (value_json | map(attribute='text') | join('; '))[:250] if value_json | length > 0 else 'none' }}",
      icon: 'mdi:alert',
    },
    alert_priority: {
      platform: 'sensor',
      name: 'Alert priority',
      state_topic: topics.alertActive,
      device_class: 'enum',
      options: ['none', 'low', 'medium', 'high'],
      value_template:
        "{% set all = value_json | map(attribute='priority') | list %}" +
        "{{ 'high' if 'high' in all else 'medium' if 'medium' in all else 'low' if 'low' in all else 'none' }}",
      icon: 'mdi:alert-octagon',
    },
    // A record or a synthetic patient plays: no automation should call anybody.
    replay: {
      platform: 'binary_sensor',
      name: 'Replay, no patient',
      state_topic: topics.info,
      value_template: "{{ 'ON' if value_json.replay else 'OFF' }}",
      icon: 'mdi:play-box',
    },
    signal_quality: measured('Signal quality', topics.vitals, 'quality', null),
    source: diagnostic({
      platform: 'sensor',
      name: 'Source',
      state_topic: topics.health,
      value_template: '{{ value_json.source.status[:250] }}',
    }),
    latency: diagnostic(measured('Latency p99', topics.health, 'latency_ms.p99', 'ms')),
    memory: diagnostic(measured('Memory', topics.health, 'rss_mb', 'MB')),
    mark: button('Mark', 'mark', { text: 'marked in Home Assistant' }, 'mdi:flag'),
    silence: button('Silence alerts', 'silence', {}, 'mdi:bell-off'),
  };
}
