/** The `source` section of the configuration. */
import { integer, list, number, text } from '../config/keys.ts';
import type { OpenSourceOptions } from './open-source.ts';

export const sourceKeys = {
  url: text({
    default: 'sim:233?speed=1',
    pattern: /^[a-z]+:/,
    allowed: 'serial:, tcp:, wfdb:, sim: or stdin: with its address',
    doc:
      'serial:///dev/ttyUSB0?baud=115200, tcp://127.0.0.1:9000, wfdb:///path/208?speed=20, ' +
      'sim:208?speed=1 (the simulated board, started by the daemon) or stdin:. ' +
      'Record 233 is new to the model and holds 831 ventricular beats.',
  }),
  board: text({ default: 'auto', doc: "A board's name (`rhythmd boards` lists them), or auto." }),
  microvolts_per_count: number({
    default: 0,
    min: 0,
    max: 10_000,
    unit: 'µV',
    doc: "The scale found by calibration; 0: the board's nominal one.",
  }),
  rate_hz: number({
    default: 0,
    min: 0,
    max: 4000,
    unit: 'Hz',
    doc: "The board's true sampling rate where it is not the declared one (the daemon warns); 0: as declared.",
  }),
  channels: list({
    default: [],
    pattern: /^[1-9]\d?$/,
    allowed: 'numbers from 1 to 99, as texts',
    doc: "Which of the board's channels are leads, counted from 1; empty: the board's own choice.",
  }),
  analysed_lead: text({
    default: 'auto',
    doc:
      'The lead whose beats are classified: its name, or its number counted from 1. auto: the first of one or two, of ' +
      'more leads the one with the clearest beats in the first five seconds.',
  }),
  stall_seconds: integer({
    default: 3,
    min: 1,
    max: 60,
    unit: 's',
    doc: 'Silence of an open line that counts as a stall. USB adapters pause for less than one.',
  }),
};

export interface SourceSection {
  readonly board: string;
  readonly microvolts_per_count: number;
  readonly rate_hz: number;
  readonly channels: readonly string[];
  readonly stall_seconds: number;
}

/** Four stalls long nothing: a wedged USB adapter works again after it was closed and opened. */
const REOPEN_AFTER_STALLS = 4;

export function sourceOptions(section: SourceSection): OpenSourceOptions {
  const stallMs = 1000 * section.stall_seconds;
  const channels = section.channels.map((channel) => Number(channel) - 1).filter((c) => c >= 0);
  return {
    board: section.board,
    microvoltsPerCount: section.microvolts_per_count || undefined,
    rateHz: section.rate_hz || undefined,
    channels: channels.length > 0 ? channels : undefined,
    watchdog: { stallMs, reopenMs: REOPEN_AFTER_STALLS * stallMs },
  };
}
