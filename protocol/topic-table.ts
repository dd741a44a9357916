/**
 * Every MQTT topic below `ecg/<device>/`, with its payload. The same events go to the page's WebSocket as
 * `{topic, event}` (stream-messages.ts).
 */
import * as v from 'valibot';
import { alertSchema, stripSchema } from './events/alerts.ts';
import { beatSchema, vitalsSchema } from './events/beats.ts';
import { healthSchema, infoSchema, leadSchema, stateSchema } from './events/device.ts';

export interface TopicRow {
  /** Below `ecg/<device>/`. */
  readonly path: string;
  readonly qos: 0 | 1;
  readonly retained: boolean;
  /** null: not JSON; `says` tells what it is. */
  readonly schema: v.GenericSchema | null;
  readonly says: string;
}

export const TOPICS = {
  state: {
    path: 'state',
    qos: 1,
    retained: true,
    schema: stateSchema,
    says: 'Whether the device is there; the last will says offline.',
  },
  info: {
    path: 'info',
    qos: 1,
    retained: true,
    schema: infoSchema,
    says: 'What the device is: said at the start and whenever something of it changes.',
  },
  lead: {
    path: 'lead',
    qos: 1,
    retained: true,
    schema: leadSchema,
    says: 'State of the leads, whenever it changes.',
  },
  vitals: {
    path: 'vitals',
    qos: 0,
    retained: true,
    schema: vitalsSchema,
    says: 'Numbers, each second. What is not known is null, never 0.',
  },
  beat: {
    path: 'beat',
    qos: 1,
    retained: false,
    schema: beatSchema,
    says: 'Each beat, when its class is known. From the outbox: after an outage all of them come, in order.',
  },
  alert: {
    path: 'alert',
    qos: 1,
    retained: false,
    schema: alertSchema,
    says: 'Start, change and end of an alert. From the outbox.',
  },
  alertActive: {
    path: 'alert/active',
    qos: 1,
    retained: true,
    schema: v.array(alertSchema),
    says: 'The alerts that stand now; an empty array when there are none.',
  },
  strip: {
    path: 'strip/<alert id>',
    qos: 1,
    retained: false,
    schema: stripSchema,
    says: 'Ten seconds of signal around an alert. From the outbox.',
  },
  wave: {
    path: 'wave',
    qos: 0,
    retained: false,
    schema: null,
    says: 'Binary, 250 ms of every lead: wave frames one after another (below). Off unless mqtt.wave is true or somebody asks (`wave`).',
  },
  health: {
    path: 'health',
    qos: 0,
    retained: true,
    schema: healthSchema,
    says: 'How the device fares, every ten seconds and when the source changes.',
  },
} as const satisfies Readonly<Record<string, TopicRow>>;

export type TopicName = keyof typeof TOPICS;
