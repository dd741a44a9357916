/**
 * Everything that can be configured, once: defaults, ranges, units and documentation. `config/default.toml`,
 * `config/schema.json` and the environment names are generated from it (`npm run config`).
 * A feature that brings keys adds its section here.
 */
import { PACED } from '@rhythmd/protocol/events/patient.ts';
import { RECORD_FOLDERS } from '@rhythmd/records/folders.ts';
import * as v from 'valibot';
import { bookKeys, limitKeys } from '../alert/alert-config.ts';
import { EXECUTORS } from '../classify/network.ts';
import { homeAssistantKeys, mqttKeys, outboxKeys } from '../sink/mqtt/mqtt-config.ts';
import { recorderKeys } from '../sink/recorder/recorder-config.ts';
import { sourceKeys } from '../source/source-config.ts';
import { webKeys } from '../web/web-config.ts';
import { choice, integer, list, section, text } from './keys.ts';

export const configSchema = v.strictObject({
  device: section('This device, as it calls itself.', {
    id: text({
      default: '',
      pattern: /^[A-Za-z0-9_-]{0,64}$/,
      allowed: 'up to 64 letters, digits, - and _',
      doc:
        "The id in MQTT topics. A pseudonym: never a patient's name. Empty: one is made at the first start and kept " +
        'in $STATE_DIRECTORY/device.json. Two devices with one id throw each other out of a broker.',
    }),
    label: text({
      default: '',
      pattern: /^(?:[^\p{C}\s](?:\P{C}{0,38}[^\p{C}\s])?)?$/u,
      allowed: 'up to 40 characters on one line',
      doc: 'What the page calls it, in large letters: a bed or a room. It is in no topic and no message of MQTT.',
    }),
  }),

  source: section('Where the samples come from.', sourceKeys),

  records: section('Records on disk.', {
    folders: list(RECORD_FOLDERS),
  }),

  model: section('The networks: one names the beats, one the rhythm.', {
    path: text({
      default: 'models/beatnet2',
      doc:
        'A folder with model.onnx and card.json, or the two in one .zip. ' +
        'Empty: none, and beats are published unclassified.',
    }),
    rhythm_path: text({
      default: 'models/rhythmnet',
      doc:
        'The same for the network that looks at the waveform each half second. ' +
        'Empty: none, and alerts come from beats and measures of the waveform alone.',
    }),
    executor: choice(EXECUTORS, {
      default: 'auto',
      doc:
        'Who runs it: onnxruntime, or the integer executor of our own, which needs no other module and runs models in 8-bit ' +
        'integers on any processor. auto: onnxruntime where it runs (a child process tries first on a processor that it was ' +
        'never run on) and answers as the card says, else our own.',
    }),
  }),

  patient: section('Whom it is connected to.', {
    paced: choice(PACED, {
      default: 'auto',
      doc:
        'Whether the patient has a pacemaker. yes: a beat that comes on time and may be paced is named so (Q) rather than ' +
        'normal or ventricular. no: none is. auto: as the network finds. Only networks that name Q are told.',
    }),
  }),

  mqtt: section('Where beats and alerts are published.', mqttKeys),

  homeassistant: section('Home Assistant.', homeAssistantKeys),

  web: section('The monitor page.', webKeys),

  recorder: section('Recordings as WFDB files, cut by hour.', recorderKeys),

  outbox: section('What waits for the external broker, on disk.', outboxKeys),

  audit: section('Who silenced, acknowledged or changed what.', {
    folder: text({
      default: '$STATE_DIRECTORY/audit',
      doc: 'Where audit.jsonl is kept. Empty: nothing is written down.',
    }),
    max_mb: integer({
      default: 10,
      min: 1,
      max: 1000,
      unit: 'MB',
      doc: 'When it is full an older one goes.',
    }),
  }),

  alert: section('What is alarmed, and how often it is told. docs/alerts.md has the definitions.', {
    ...bookKeys,
    ...limitKeys,
  }),

  log: section('What the daemon says of itself, on standard error.', {
    level: text({
      default: 'info',
      pattern: /^(silent|error|warn|info|debug)(,[a-z0-9-]+=(silent|error|warn|info|debug))*$/,
      allowed: 'silent, error, warn, info or debug, then exceptions such as info,mqtt=debug',
      doc: 'How much, and exceptions by part: info,mqtt=debug,source=warn.',
    }),
    format: choice(['text', 'json'], {
      default: 'text',
      doc: 'Lines for people, or one JSON object a line.',
    }),
  }),
});

/** The effective configuration, every key present. */
export type Config = v.InferOutput<typeof configSchema>;
