/** What `play` and `avr` understand on the command line. */
import { parseArgs } from 'node:util';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { Fault } from './faults/fault-kinds.ts';
import { readFaultScript } from './faults/script.ts';
import { openPatient, type Patient, type PlayedLead } from './patient.ts';

const OPTIONS = {
  board: { type: 'string', default: 'native' },
  to: { type: 'string' },
  speed: { type: 'string', default: '1' },
  seed: { type: 'string', default: '1' },
  loop: { type: 'boolean', default: false },
  from: { type: 'string', default: '0' },
  duration: { type: 'string' },
  faults: { type: 'string' },
  report: { type: 'boolean', default: false },
  uart: { type: 'boolean', default: false },
  attended: { type: 'boolean', default: false },
} as const;

export interface PlayOptions {
  readonly patient: Patient;
  readonly board: string;
  readonly to: string;
  /** Times life; Infinity: as fast as it is read. */
  readonly speed: number;
  readonly seed: number;
  /** Seconds to play; null: the patient once. */
  readonly durationS: number | null;
  readonly faults: readonly Fault[];
  /** Says what did not get through. */
  readonly report: boolean;
  /** The pty garbles what is read at another speed than the board's. */
  readonly uart: boolean;
  /** Ends with whoever started it. */
  readonly attended: boolean;
}

/** @throws E_USAGE, and what opening the record throws */
export function readPlayOptions(args: string[]): PlayOptions {
  const { positionals, values } = parse(args);
  const record = positionals[0];
  if (record === undefined || positionals.length > 1) throw usage('play needs one record');
  if (values.to === undefined) throw usage('play needs --to pty:PATH, tcp:HOST:PORT or stdout');
  const speed = values.speed === 'max' ? Number.POSITIVE_INFINITY : number(values.speed, '--speed', 0.01);
  const seed = number(values.seed, '--seed', 0);
  const fromS = number(values.from, '--from', 0);
  const duration = values.duration === undefined ? null : number(values.duration, '--duration', 0);
  const patient = part(openPatient(record, seed), fromS);
  const onceS = patient.leads[0]!.length / patient.rateHz;
  const durationS = duration ?? (values.loop ? Number.POSITIVE_INFINITY : null);
  if (durationS !== null && durationS > onceS && !values.loop) {
    throw usage(`--duration ${durationS}: the record lasts ${onceS.toFixed(1)} s; add --loop`);
  }
  const faults = values.faults === undefined ? [] : readFaultScript(values.faults);
  const { board, to, report, uart, attended } = values;
  return { patient, board, to, speed, seed, durationS, faults, report, uart, attended };
}

/** For people. */
export function paceOf(speed: number): string {
  return speed === Number.POSITIVE_INFINITY ? 'as fast as it is read' : `at ${speed} times life`;
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch (cause) {
    throw usage(cause instanceof Error ? cause.message : String(cause));
  }
}

function usage(reason: string): RhythmdError {
  return new RhythmdError('E_USAGE', reason, 'Run `npm run sim` for the usage');
}

function number(text: string, what: string, minimum: number): number {
  const value = Number(text);
  if (text === '' || !(value >= minimum)) {
    throw usage(`${what} ${text}: a number of at least ${minimum} is needed`);
  }
  return value;
}

function part(patient: Patient, fromS: number): Patient {
  if (fromS === 0) return patient;
  const from = Math.round(fromS * patient.rateHz);
  const leads = patient.leads.map((lead) => partOf(lead, from));
  if ((leads[0]?.length ?? 0) === 0) throw usage(`--from ${fromS} is beyond the end of the record`);
  const normalBeats = patient.normalBeats.filter((sample) => sample >= from).map((sample) => sample - from);
  return { ...patient, leads, normalBeats };
}

function partOf(lead: PlayedLead, from: number): PlayedLead {
  if (lead instanceof Float32Array) return lead.subarray(from);
  return { length: lead.length - from, at: (sample) => lead.at(from + sample) };
}
