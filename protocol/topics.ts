/** The names of our topics (docs/interfaces: base `ecg/<device>`), and which of them are retained. */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';

export interface Topics {
  readonly base: string;
  readonly state: string;
  readonly info: string;
  readonly lead: string;
  readonly vitals: string;
  readonly health: string;
  readonly beat: string;
  readonly alert: string;
  readonly alertActive: string;
  readonly wave: string;
  /** What to subscribe to for requests. */
  readonly requests: string;
  strip(alertId: string): string;
  response(verb: string): string;
  /** The verb of a request's topic; null when it is none. */
  verbOf(topic: string): string | null;
}

const MAX_DEVICE_CHARACTERS = 64;

/** @throws E_DEVICE_ID when the id cannot be one level of a topic */
export function topicsOf(device: string): Topics {
  if (!/^[A-Za-z0-9_.:-]+$/.test(device) || device.length > MAX_DEVICE_CHARACTERS) {
    throw new RhythmdError(
      'E_DEVICE_ID',
      `device.id ${JSON.stringify(device)} cannot be part of a topic`,
      `Use up to ${MAX_DEVICE_CHARACTERS} letters, digits and _ . : -`,
    );
  }
  const base = `ecg/${device}`;
  const requestPrefix = `${base}/request/`;
  return {
    base,
    state: `${base}/state`,
    info: `${base}/info`,
    lead: `${base}/lead`,
    vitals: `${base}/vitals`,
    health: `${base}/health`,
    beat: `${base}/beat`,
    alert: `${base}/alert`,
    alertActive: `${base}/alert/active`,
    wave: `${base}/wave`,
    requests: `${requestPrefix}+`,
    strip: (alertId) => `${base}/strip/${alertId.replace(/[/+#\0]/g, '_')}`,
    response: (verb) => `${base}/response/${verb}`,
    verbOf: (topic) => (topic.startsWith(requestPrefix) ? topic.slice(requestPrefix.length) : null),
  };
}
