/** `sim play`: a record as the bytes of a board, at its own pace, to whoever listens. */
import { parseArgs } from 'node:util';
import { findBoard } from '@rhythmd/ecg/boards/registry.ts';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { openOutput } from './output/open-output.ts';
import { openPatient, type Patient } from './patient.ts';
import { Player } from './player.ts';

const OPTIONS = {
  board: { type: 'string', default: 'native' },
  to: { type: 'string' },
  speed: { type: 'string', default: '1' },
  seed: { type: 'string', default: '1' },
  loop: { type: 'boolean', default: false },
  from: { type: 'string', default: '0' },
  duration: { type: 'string' },
  attended: { type: 'boolean', default: false },
} as const;

export async function play(args: string[], signal: AbortSignal): Promise<void> {
  const { positionals, values } = readOptions(args);
  const record = positionals[0];
  if (record === undefined || positionals.length > 1) throw usage('play needs one record');
  if (values.to === undefined) throw usage('play needs --to pty:PATH, tcp:HOST:PORT or stdout');
  const speed = values.speed === 'max' ? Number.POSITIVE_INFINITY : number(values.speed, '--speed', 0.01);
  const board = findBoard(values.board);
  const fromS = number(values.from, '--from', 0);
  const durationS = values.duration === undefined ? null : number(values.duration, '--duration', 0);
  const patient = part(openPatient(record, number(values.seed, '--seed', 0)), fromS, durationS);

  const output = openOutput(values.to);
  const say = values.to === 'stdout' ? console.error : console.log;
  const stop = values.attended ? whenStdinEnds(signal) : signal;
  const player = new Player({
    patient,
    encoder: board.createEncoder({ leadNames: patient.leadNames }),
    output,
    speed,
    loop: values.loop,
  });
  await output.start((bytes) => player.command(bytes));
  const pace = speed === Number.POSITIVE_INFINITY ? 'as fast as it is read' : `at ${speed} times life`;
  say(`playing ${patient.description} as ${board.name}, ${pace}`);
  say(`listening on ${output.address}`);
  try {
    await player.run(stop);
  } finally {
    await output.stop();
  }
}

function readOptions(args: string[]) {
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

function part(patient: Patient, fromS: number, durationS: number | null): Patient {
  const from = Math.round(fromS * patient.rateHz);
  const to = durationS === null ? undefined : from + Math.round(durationS * patient.rateHz);
  const leads = patient.leads.map((lead) => lead.subarray(from, to));
  if ((leads[0]?.length ?? 0) === 0) throw usage(`--from ${fromS} is beyond the end of the record`);
  return { ...patient, leads };
}

/** A program that starts this one holds its standard input open: when it dies, so does the board. */
function whenStdinEnds(signal: AbortSignal): AbortSignal {
  const ended = new AbortController();
  process.stdin.on('end', () => ended.abort('parent'));
  process.stdin.on('error', () => ended.abort('parent'));
  process.stdin.resume();
  process.stdin.unref?.();
  return AbortSignal.any([signal, ended.signal]);
}
