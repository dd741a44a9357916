/** What `play` and `avr` understand on the command line. */
import { useRecordFoldersOf } from '@rhythmd/records/folders.ts';
import { refuseUsage } from '@rhythmd/shell/usage-error.ts';
import type { Fault } from './faults/fault-kinds.ts';
import { readFaultScript } from './faults/script.ts';
import { openPatient, type Patient, type PlayedLead } from './patient.ts';

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

/** What both commands have; of `avr` the rest is as if it were not given. */
export interface PlayValues {
  readonly board?: string;
  readonly to: string;
  readonly speed: string;
  readonly seed: number;
  readonly loop: boolean;
  readonly from: number;
  readonly duration: number | undefined;
  readonly faults?: string | undefined;
  readonly report?: boolean;
  readonly uart?: boolean;
  readonly attended: boolean;
  readonly config: string | undefined;
}

/**
 * @param open opens the record or makes the synthetic patient
 * @throws UsageError, and what opening the record throws
 */
export function readPlayOptions(record: string, values: PlayValues, open = openPatient): PlayOptions {
  useRecordFoldersOf(values.config);
  const { board = 'native', to, seed, from, duration, loop, attended } = values;
  const { report = false, uart = false } = values;
  const speed = values.speed === 'max' ? Number.POSITIVE_INFINITY : speedOf(values.speed);
  const patient = part(open(record, seed), from);
  const onceS = patient.leads[0]!.length / patient.rateHz;
  const durationS = duration ?? (loop ? Number.POSITIVE_INFINITY : null);
  if (durationS !== null && durationS > onceS && !loop) {
    refuseUsage(`--duration ${durationS}: the record lasts ${onceS.toFixed(1)} s; add --loop`);
  }
  const faults = values.faults === undefined ? [] : readFaultScript(values.faults);
  return { patient, board, to, speed, seed, durationS, faults, report, uart, attended };
}

/** For people. */
export function paceOf(speed: number): string {
  return speed === Number.POSITIVE_INFINITY ? 'as fast as it is read' : `at ${speed} times life`;
}

/** Slower, and it would look like a board that stopped. */
const MIN_SPEED = 0.01;

function speedOf(text: string): number {
  const speed = Number(text);
  if (text !== '' && speed >= MIN_SPEED) return speed;
  return refuseUsage(`--speed ${text}: max or a number of at least ${MIN_SPEED} is needed`);
}

function part(patient: Patient, fromS: number): Patient {
  if (fromS === 0) return patient;
  const from = Math.round(fromS * patient.rateHz);
  const leads = patient.leads.map((lead) => partOf(lead, from));
  if ((leads[0]?.length ?? 0) === 0) refuseUsage(`--from ${fromS} is beyond the end of the record`);
  const normalBeats = patient.normalBeats.filter((sample) => sample >= from).map((sample) => sample - from);
  return { ...patient, leads, normalBeats };
}

function partOf(lead: PlayedLead, from: number): PlayedLead {
  if (lead instanceof Float32Array) return lead.subarray(from);
  return { length: lead.length - from, at: (sample) => lead.at(from + sample) };
}
