/** What `rhythmd` can be told: the verbs of the command line with their options. */
import type { Commands } from '@rhythmd/shell/command.ts';

const CONFIG = { kind: 'text', value: 'FILE' } as const;
const MODEL = { kind: 'text', value: 'FILE' } as const;
const JSON_OUTPUT = { kind: 'flag' } as const;
/** No recorder is faster. */
const MAX_RATE_HZ = 1_000_000;
/** What a CSV file may leave open. */
const CSV = {
  rate: {
    kind: 'number',
    value: 'HZ',
    min: 0.001,
    max: MAX_RATE_HZ,
    help: 'of a CSV file without times',
  },
  unit: { kind: 'text', value: 'UNIT', help: 'of a CSV file that names none' },
} as const;
const RECORDS = { name: 'RECORD', least: 1, most: Number.POSITIVE_INFINITY } as const;
/** A moment is looked up in the recordings. */
const RECORD_OR_TIME = { name: 'RECORD|TIME', least: 1, most: 1 } as const;

export const COMMANDS = {
  run: {
    summary: 'the daemon: source, classifier, MQTT, page; until it is interrupted',
    options: { config: CONFIG, model: MODEL },
  },
  ward: {
    summary:
      'serves the ward page: many beds on a broker, which the page speaks to itself; until it is interrupted',
    options: {
      broker: {
        kind: 'texts',
        value: 'URL',
        help: 'ws:// or wss://, tried in this order',
      },
      port: { kind: 'number', value: 'N', min: 0, max: 65535, whole: true, default: 8361 },
      beds: {
        kind: 'text',
        value: 'FILE',
        help: 'the beds in order, with names: TOML or JSON (docs/ward.md)',
      },
      'beds-topic': { kind: 'text', value: 'TOPIC', help: 'a retained topic with the same list as JSON' },
      demo: { kind: 'flag', help: 'also starts a broker and eight simulated patients' },
      config: CONFIG,
    },
  },
  analyze: {
    summary:
      'a record through the streaming stages as fast as possible; writes DIR/RECORD.rhy (WFDB annotations)',
    operands: RECORDS,
    options: {
      out: { kind: 'text', value: 'DIR', required: true },
      annotator: { kind: 'text', value: 'NAME', default: 'rhy' },
      model: MODEL,
      signal: { kind: 'text', value: 'N|NAME' },
      teach: {
        kind: 'text',
        value: 'ANNOTATOR|FILE',
        help: 'who names the twelve doubtful beats of the first five minutes, as a person would; or a .csv of sample,answer',
      },
      ...CSV,
      config: CONFIG,
      json: JSON_OUTPUT,
    },
  },
  boards: {
    summary: 'the boards we speak, with rate, baud rate, scale and leads',
    options: { json: JSON_OUTPUT },
  },
  config: {
    summary:
      'validate the configuration, print its effective values, its JSON Schema or the commented default file',
    operands: { name: 'check|print|schema|documentation', least: 1, most: 1 },
    options: { config: CONFIG },
  },
  doctor: {
    summary: 'port, permissions, baud, frames, leads, noise, clock, broker, model, disk: each with the fix',
    options: {
      config: CONFIG,
      seconds: { kind: 'number', value: 'N', min: 1, max: 600, default: 6 },
      json: JSON_OUTPUT,
    },
  },
  ports: {
    summary: 'serial ports, names that survive replugging first',
    options: { json: JSON_OUTPUT },
  },
  score: {
    summary:
      'annotations against the reference by ANSI/AAMI EC57: tables, JSON, and a page with every wrong beat',
    operands: { ...RECORDS, name: 'RECORD|mitdb|ds1|ds2' },
    options: {
      reference: { kind: 'text', value: 'NAME', default: 'atr' },
      test: { kind: 'text', value: 'NAME', default: 'rhy' },
      'test-dir': { kind: 'text', value: 'DIR' },
      from: { kind: 'text', value: 'TIME', default: '5:00' },
      json: JSON_OUTPUT,
      html: { kind: 'text', value: 'FILE' },
      strips: {
        kind: 'number',
        value: 'N',
        min: 1,
        max: 1e6,
        whole: true,
        help: 'of wrong beats a record on the page',
      },
      config: CONFIG,
    },
  },
  strip: {
    summary: 'cut a piece out of a record or recording: as a WFDB record, or on ECG paper as SVG or PDF',
    operands: RECORD_OR_TIME,
    options: {
      out: { kind: 'text', value: 'FILE.svg|FILE.pdf|RECORD_PATH', required: true },
      from: { kind: 'text', value: 'TIME' },
      seconds: { kind: 'text', value: 'N|all', default: '10' },
      annotator: {
        kind: 'text',
        value: 'NAME',
        help: 'whose labels; else its own (atr) with what a person corrected',
      },
      ...CSV,
      config: CONFIG,
    },
  },
  export: {
    summary: 'a record or recording as FHIR Observation, DICOM ECG, EDF+, CSV of signals or of beats',
    operands: RECORD_OR_TIME,
    options: {
      format: { kind: 'choice', of: ['fhir', 'csv', 'beats', 'edf', 'dicom'], required: true },
      out: { kind: 'text', value: 'FILE', required: true },
      from: { kind: 'text', value: 'TIME' },
      seconds: { kind: 'text', value: 'N|all', default: 'all' },
      annotator: {
        kind: 'text',
        value: 'NAME',
        help: 'whose labels; else its own (atr) with what a person corrected',
      },
      ...CSV,
      config: CONFIG,
    },
  },
  report: {
    summary:
      'what a recording holds, as a Holter report: PDF, a page, or JSON; several records are one report; without any, our own recordings from a moment on',
    operands: { ...RECORDS, least: 0 },
    options: {
      out: { kind: 'text', value: 'FILE.pdf|FILE.html|FILE.json', required: true },
      from: { kind: 'text', value: 'TIME' },
      to: { kind: 'text', value: 'TIME' },
      annotator: {
        kind: 'text',
        value: 'NAME',
        help: 'whose labels count; else those of our own recordings, and an analysis of any other record',
      },
      model: MODEL,
      signal: { kind: 'text', value: 'N|NAME' },
      ...CSV,
      config: CONFIG,
    },
  },
  fleet: {
    summary: 'ids, passwords, certificates and topic rules of many devices, from one small file',
    operands: { name: 'FILE', least: 1, most: 1 },
    options: {
      out: { kind: 'text', value: 'DIR', required: true },
      rotate: { kind: 'text', value: 'NAME,...|all', help: 'whose password and certificate are made anew' },
    },
  },
  'broker-user': {
    summary: 'add or change a user of the embedded broker (mqtt.embedded_users)',
    operands: { name: 'NAME', least: 1, most: 1 },
    options: { file: { kind: 'text', value: 'FILE', required: true } },
    afterwards: '< PASSWORD',
  },
} as const satisfies Commands;
