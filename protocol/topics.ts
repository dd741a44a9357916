/** The names of our topics: all below one base, `ecg/<device>`, or with the wards of a hospital `ecg/<ward>/<device>`. */
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
  /** Said by a bridge on our way, not by us (topic-table.ts). */
  readonly bridge: string;
  readonly wave: string;
  /** What to subscribe to for requests. */
  readonly requests: string;
  strip(alertId: string): string;
  request(verb: string): string;
  response(verb: string): string;
  /** The verb of a request's topic, also where a broker makes `patient/new` of `patient.new`; null when it is none. */
  verbOf(topic: string): string | null;
}

const MAX_DEVICE_CHARACTERS = 64;
/** What stands before the device where nothing else is configured. */
export const DEFAULT_BASE = 'ecg';
/** One level of a topic that no broker bends: RabbitMQ makes a slash of a dot, NATS hangs up on one; + # $ are MQTT's own. */
export const TOPIC_LEVEL = /^[A-Za-z0-9_-]{1,64}$/;

/** @throws E_DEVICE_ID when the id cannot be one level of a topic */
export function topicsOf(device: string, above: string = DEFAULT_BASE): Topics {
  if (!TOPIC_LEVEL.test(device)) {
    throw new RhythmdError(
      'E_DEVICE_ID',
      `device.id ${JSON.stringify(device)} cannot be part of a topic`,
      `Use up to ${MAX_DEVICE_CHARACTERS} letters, digits, _ and -`,
    );
  }
  const base = `${above}/${device}`;
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
    bridge: `${base}/bridge`,
    wave: `${base}/wave`,
    requests: `${requestPrefix}#`,
    request: (verb) => `${requestPrefix}${verb}`,
    strip: (alertId) => `${base}/strip/${alertId.replace(/[^A-Za-z0-9_-]/g, '_')}`,
    response: (verb) => `${base}/response/${verb}`,
    verbOf: (topic) =>
      topic.startsWith(requestPrefix) ? topic.slice(requestPrefix.length).replaceAll('/', '.') : null,
  };
}

/** Paths below a device of two levels begin with one of these. */
const TWO_LEVELS: ReadonlySet<string> = new Set(['strip', 'request', 'response']);
const ONE_LEVEL: ReadonlySet<string> = new Set(
  'state info lead vitals health beat alert wave bridge'.split(' '),
);

export interface DeviceTopic {
  /** Of the device: `ecg/<ward>/<device>`. */
  readonly base: string;
  readonly device: string;
  /** Below the base: `beat`, `alert/active`, `strip/<alert id>`. */
  readonly path: string;
}

/**
 * Whose topic it is, however many levels stand above the device: for who subscribes to all below `ecg`.
 * @returns null for a topic that is none of ours
 */
export function readTopic(topic: string): DeviceTopic | null {
  const levels = topic.split('/');
  const [last = '', before = ''] = [levels.at(-1), levels.at(-2)];
  const isTwo = TWO_LEVELS.has(before) || (before === 'alert' && last === 'active');
  const cut = isTwo ? levels.length - 2 : ONE_LEVEL.has(last) ? levels.length - 1 : -1;
  if (cut < 2 || !levels.slice(0, cut).every((level) => TOPIC_LEVEL.test(level))) return null;
  const base = levels.slice(0, cut).join('/');
  return { base, device: levels[cut - 1] as string, path: levels.slice(cut).join('/') };
}
