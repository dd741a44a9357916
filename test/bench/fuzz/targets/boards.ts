/** The decoders of all boards: what comes out is finite, in order, and described. */
import type { Board, BoardDecoder } from '@rhythmd/ecg/boards/board.ts';
import { DetectingDecoder } from '@rhythmd/ecg/boards/detecting-decoder.ts';
import { boards } from '@rhythmd/ecg/boards/registry.ts';
import { samplesOf } from '../../../support/streams.ts';
import { bytesOf, type FuzzTarget } from '../target.ts';

/** 24 bits of a Cyton are 188 mV, 16 bits of a text line 290; a board that says its own scale may say more. */
const MOST_MV = 1e10;
const CHUNK = 61;

function seedsOf(board: Board): Uint8Array[] {
  const encoder = board.createEncoder();
  encoder.command(board.startCommand ?? new Uint8Array(0));
  const beginning = encoder.switchOn().slice();
  const wave = Array.from({ length: 30 }, (_, i) => Math.sin(i / 3));
  const frames = encoder.encode(samplesOf([wave], board.rateHz)).slice();
  return [frames, Uint8Array.from([...beginning, ...frames])];
}

function check(decoder: BoardDecoder, input: Uint8Array): void {
  let [next, isDescribed] = [0, false];
  for (let at = 0; at < input.length; at += CHUNK) {
    decoder.push(
      input.subarray(at, at + CHUNK),
      at,
      (samples) => {
        if (!isDescribed) throw new Error('samples before their description');
        if (samples.first < next || samples.lost < 0)
          throw new Error(`sample ${samples.first} after ${next}`);
        next = samples.first + samples.count;
        for (const lead of samples.leads) {
          for (let i = 0; i < samples.count; i++) {
            if (!(Math.abs(lead[i]!) <= MOST_MV)) throw new Error(`${lead[i]} mV`);
          }
        }
      },
      ({ rateHz }) => {
        isDescribed = true;
        if (!(rateHz > 0 && rateHz <= 20_000)) throw new Error(`${rateHz} Hz`);
      },
    );
  }
  decoder.lineBroke();
}

export const BOARD_TARGETS: readonly FuzzTarget[] = [
  ...boards.map((board) => ({
    name: `board-${board.name}`,
    seeds: () => seedsOf(board),
    words: ['512\n', '!\n', 'ecg:512\n', '512,498\n', '9'.repeat(63), 'UNO-R4\n'],
    run: (input: Uint8Array) => check(board.createDecoder(), input),
  })),
  {
    name: 'board-auto',
    seeds: () => [...boards.flatMap(seedsOf), bytesOf('500\n501\n502\n'.repeat(9))],
    run: (input) => check(new DetectingDecoder(boards), input),
  },
];
