/** The keys of `[mqtt]`, `[outbox]` and `[homeassistant]`. */
import { DEFAULT_BASE } from '@rhythmd/protocol/topics.ts';
import { choice, flag, integer, text } from '../../config/keys.ts';
import { MQTT_REQUESTS } from '../../requests/permission.ts';
import { ADDRESSES } from './broker-addresses.ts';

export const mqttKeys = {
  url: text({
    default: '',
    pattern: ADDRESSES,
    allowed: 'mqtt://, mqtts://, ws:// or wss:// with a host, up to 8 of them with commas between, or empty',
    doc:
      'An external broker. Empty: none. Without it, or while it is away, acquisition and page go on. Several, the nodes of a ' +
      'cluster, are tried in turn.',
  }),
  base: text({
    default: DEFAULT_BASE,
    pattern: /^[A-Za-z0-9_-]{1,64}(\/[A-Za-z0-9_-]{1,64}){0,7}$/,
    allowed: '1 to 8 levels of letters, digits, - and _, with / between',
    doc: 'What stands above the device in topics: ecg, or ecg/ward-3 where a hospital sorts its beds by ward.',
  }),
  say_again_s: integer({
    default: 10,
    min: 0,
    max: 3600,
    unit: 's',
    doc:
      'state, info, lead and alert/active are said again so often (0: after a new connection only): RabbitMQ gives what it keeps to ' +
      'nobody who subscribes with a wildcard, or on another node.',
  }),
  user: text({ default: '', doc: 'Our name there. Also from the credential mqtt-user of systemd.' }),
  password: text({
    default: '',
    secret: true,
    doc: 'Our password there. Better from RHYTHMD_MQTT_PASSWORD, password_file or the credential mqtt-password.',
  }),
  password_file: text({ default: '', doc: 'A file that holds the password.' }),
  ca_file: text({
    default: '',
    doc: "The authority that signed the broker's certificate, PEM. Empty: those of the system, or the credential mqtt-ca.",
  }),
  cert_file: text({
    default: '',
    doc: 'Our certificate, PEM, where the broker asks for one. Also the credential mqtt-cert.',
  }),
  key_file: text({ default: '', doc: 'Its key, PEM. Also the credential mqtt-key.' }),
  wave: flag({
    default: false,
    doc:
      'Publishes the waveform always, every 250 ms as binary: about 1 kB/s for each lead. Otherwise for a while when somebody ' +
      'asks (the request `wave`), as the ward page does.',
  }),
  requests: choice(MQTT_REQUESTS, {
    default: 'auto',
    doc:
      'Who may ask us over MQTT. users: what silences, acknowledges or changes the replay needs a user of the ' +
      'embedded broker. auto: only once that has users, and an external broker decides for itself. off: nobody.',
  }),
  embedded_port: integer({
    default: 1883,
    min: 0,
    max: 65535,
    doc: "The embedded broker's port; 0: no embedded broker.",
  }),
  embedded_host: text({
    default: '127.0.0.1',
    doc: 'Where it listens. Anything but the loopback address needs embedded_users, embedded_cert and embedded_key.',
  }),
  embedded_users: text({
    default: '',
    doc: 'Who may use it: a file made by `rhythmd broker-user`. Empty: everybody on this machine.',
  }),
  embedded_cert: text({ default: '', doc: 'Its certificate, PEM. Empty: no TLS.' }),
  embedded_key: text({ default: '', doc: 'The key of its certificate, PEM.' }),
} as const;

export const outboxKeys = {
  folder: text({
    default: '$STATE_DIRECTORY/outbox',
    doc:
      'Where it waits. $STATE_DIRECTORY is given by systemd and ./state without it. ' +
      'Empty: in memory, lost when the daemon stops.',
  }),
  max_mb: integer({
    default: 64,
    min: 1,
    max: 4096,
    unit: 'MB',
    doc: 'Above this the oldest strips go, then the oldest beats, alerts last. 64 MB hold a day and a half of beats.',
  }),
  max_days: integer({
    default: 7,
    min: 1,
    max: 365,
    unit: 'days',
    doc: 'Older messages go unsent: who looks after so long finds them in the recording.',
  }),
} as const;

export const homeAssistantKeys = {
  discovery: flag({
    default: false,
    doc: 'Introduces the device to Home Assistant over MQTT. Off, because it writes outside our own topics.',
  }),
  prefix: text({
    default: 'homeassistant',
    pattern: /^[A-Za-z0-9_/-]{1,64}$/,
    allowed: '1 to 64 letters, digits, - _ and /',
    doc: "Home Assistant's discovery prefix.",
  }),
} as const;
