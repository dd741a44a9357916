/** What `npm run sim --` can be told. */
import type { Commands } from '@rhythmd/shell/command.ts';

const RECORD = { name: 'RECORD', least: 1, most: 1 } as const;

const PLAY = {
  to: { kind: 'text', value: 'pty:PATH|tcp:HOST:PORT|stdout', required: true },
  speed: { kind: 'text', value: 'N|max', default: '1', help: 'times life; max: as fast as it is read' },
  loop: { kind: 'flag', help: 'from the beginning again at the end' },
  from: {
    kind: 'number',
    value: 'S',
    min: 0,
    max: Number.POSITIVE_INFINITY,
    default: 0,
    help: 'seconds left out at the beginning',
  },
  duration: {
    kind: 'number',
    value: 'S',
    min: 0,
    max: Number.POSITIVE_INFINITY,
    help: 'seconds; default: the record once',
  },
  seed: {
    kind: 'number',
    value: 'N',
    min: 0,
    max: Number.POSITIVE_INFINITY,
    default: 1,
    help: 'of the synthetic patient and of faults',
  },
  config: {
    kind: 'text',
    value: 'FILE',
    help: 'whose records.folders are looked in (default: config/default.toml)',
  },
  attended: { kind: 'flag', hidden: true, help: 'ends with whoever started it and holds its standard input' },
} as const;

export const COMMANDS = {
  play: {
    summary: 'plays a record (or `synthetic`) as the bytes of any board',
    operands: RECORD,
    options: {
      board: { kind: 'text', value: 'NAME', default: 'native' },
      ...PLAY,
      faults: { kind: 'text', value: 'FILE', help: 'a script of what goes wrong (docs/simulator.md)' },
      report: { kind: 'flag', help: 'says what did not get through' },
      uart: { kind: 'flag', help: "the pty garbles what is read at another speed than the board's" },
    },
  },
  avr: {
    summary: "runs the reference firmware's image in a simulated ATmega328P, the record on its pins",
    operands: RECORD,
    options: PLAY,
  },
  firmware: {
    summary: 'builds that image from its C sources',
    options: {},
  },
} as const satisfies Commands;
