/** Upside Down Labs Chords firmware (frames and models: `chords-frame.ts`). */
import type { Board, BoardDecoder, BoardEncoder, DecoderOptions, EncoderOptions } from './board.ts';
import { NO_BYTES } from './board.ts';
import { ChordsDecoder } from './chords-decoder.ts';
import { chordsLayout, chordsMicrovolts, UNO_R3 } from './chords-frame.ts';
import { FramedEncoder } from './framed-board.ts';
import { ARDUINO_USB_IDS } from './usb-ids.ts';

const ascii = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

export const chords: Board = {
  name: 'chords',
  title: 'Upside Down Labs Chords (BioAmp, NPG)',
  source: 'upsidedownlabs/Chords-Arduino-Firmware',
  baud: 230400,
  rateHz: UNO_R3.rateHz,
  // The first two inputs by default: the others float unless something is wired to them.
  leadNames: ['A0', 'A1'],
  microvoltsPerCount: chordsMicrovolts(UNO_R3),
  countRange: 256,
  usbIds: [...ARDUINO_USB_IDS, '2341:0069', '2341:1002', '2e8a:000a'],
  startCommand: ascii('WHORU\nSTART\n'),
  stopCommand: ascii('STOP\n'),
  probeCommand: ascii('WHORU\n'),
  createDecoder: (options?: DecoderOptions): BoardDecoder => new ChordsDecoder(chords, options),
  createEncoder: (options?: EncoderOptions): BoardEncoder => new ChordsEncoder(options),
};

const MAX_COMMAND = 32;

class ChordsEncoder extends FramedEncoder {
  #streaming = false;
  #command = '';

  constructor(options?: EncoderOptions) {
    super(chords, chordsLayout(UNO_R3), options);
  }

  override get streaming(): boolean {
    return this.#streaming;
  }

  override command(bytes: Uint8Array): Uint8Array {
    let answer = NO_BYTES;
    for (const byte of bytes) {
      this.#streaming = false;
      if (byte !== 0x0a) {
        this.#command = (this.#command + String.fromCharCode(byte)).slice(-MAX_COMMAND);
        continue;
      }
      if (this.#command === 'WHORU') answer = ascii(`${UNO_R3.name}\n`);
      if (this.#command === 'START') this.#streaming = true;
      this.#command = '';
    }
    return answer;
  }
}
