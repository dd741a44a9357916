/** The verbs of the command line: one file each, loaded only when called. */
import type { VerbModule } from './io.ts';

export interface Verb {
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
  readonly load: () => Promise<VerbModule>;
}

export const VERBS: readonly Verb[] = [
  {
    name: 'run',
    usage: 'run [--config FILE] [--model FILE]',
    summary: 'the daemon: source, classifier, MQTT, page; until it is interrupted',
    load: () => import('./run.ts'),
  },
  {
    name: 'analyze',
    usage:
      'analyze RECORD... --out DIR [--annotator rhy] [--model FILE] [--signal N|NAME] [--rate HZ] [--unit UNIT] [--config FILE] [--json]',
    summary:
      'a record through the streaming stages as fast as possible; writes DIR/RECORD.rhy (WFDB annotations)',
    load: () => import('./analyze.ts'),
  },
  {
    name: 'boards',
    usage: 'boards [--json]',
    summary: 'the boards we speak, with rate, baud rate, scale and leads',
    load: () => import('./boards.ts'),
  },
  {
    name: 'config',
    usage: 'config check|print|schema|documentation [--config FILE]',
    summary:
      'validate the configuration, print its effective values, its JSON Schema or the commented default file',
    load: () => import('./config.ts'),
  },
  {
    name: 'doctor',
    usage: 'doctor [--config FILE] [--seconds N] [--json]',
    summary: 'port, permissions, baud, frames, leads, noise, clock, broker, model, disk: each with the fix',
    load: () => import('./doctor.ts'),
  },
  {
    name: 'ports',
    usage: 'ports [--json]',
    summary: 'serial ports, names that survive replugging first',
    load: () => import('./ports.ts'),
  },
  {
    name: 'score',
    usage:
      'score RECORD|mitdb|ds1|ds2... [--reference atr] [--test rhy] [--test-dir DIR] [--from 5:00] [--json] [--html FILE [--strips N]] [--config FILE]',
    summary:
      'annotations against the reference by ANSI/AAMI EC57: tables, JSON, and a page with every wrong beat',
    load: () => import('./score.ts'),
  },
  {
    name: 'strip',
    usage:
      'strip RECORD|TIME --out FILE.svg|FILE.pdf|RECORD_PATH [--from 0:00] [--seconds 10] [--annotator atr] [--rate HZ] [--unit UNIT] [--config FILE]',
    summary: 'cut a piece out of a record or recording: as a WFDB record, or on ECG paper as SVG or PDF',
    load: () => import('./strip.ts'),
  },
  {
    name: 'export',
    usage:
      'export RECORD|TIME --format fhir|csv|beats|edf --out FILE [--from 0:00] [--seconds all] [--annotator atr] [--rate HZ] [--unit UNIT] [--config FILE]',
    summary: 'a record or recording as FHIR Observation, CSV of signals or of beats, or EDF+',
    load: () => import('./export.ts'),
  },
  {
    name: 'broker-user',
    usage: 'broker-user NAME --file FILE < PASSWORD',
    summary: 'add or change a user of the embedded broker (mqtt.embedded_users)',
    load: () => import('./broker-user.ts'),
  },
];
