/**
 * The simulated board, a program of its own that is spoken to over the loopback network: the daemon shares nothing with
 * it but bytes.
 */
import { resolve } from 'node:path';
import type { Link, LinkHandlers } from './link.ts';
import { SimProgram } from './sim-program.ts';
import { TcpLink } from './tcp-link.ts';

export interface SimOptions {
  readonly record: string;
  readonly board: string;
  readonly speed: number;
  readonly loop: boolean;
  readonly options: readonly string[];
  readonly recordFolders: readonly string[] | null;
  /** One that goes on when this link ends; left out: one of its own. */
  readonly program?: SimProgram | undefined;
}

export class SimLink implements Link {
  readonly baud = null;
  readonly replay = true;
  readonly #options: SimOptions;
  readonly #program: SimProgram;
  #tcp: TcpLink | null = null;
  #sentence: string | null = null;

  constructor(options: SimOptions) {
    this.#options = options;
    this.#program = options.program ?? new SimProgram();
  }

  get name(): string {
    return 'the simulated board';
  }

  get playing(): string | null {
    return this.#sentence;
  }

  async open(handlers: LinkHandlers): Promise<void> {
    if (this.#tcp === null) await this.#play();
    await this.#tcp?.open({
      data: handlers.data,
      closed: async (error) => {
        // The record is over when the program ends well; a pulled plug leaves it running.
        const status = await this.#program.exitStatus();
        handlers.closed(status === 0 ? null : error, status === 0);
      },
    });
  }

  write(bytes: Uint8Array): void {
    this.#tcp?.write(bytes);
  }

  async close(): Promise<void> {
    await this.#tcp?.close();
  }

  /** Ends the program, too, if it is its own; `close` alone leaves it for the next `open`. */
  async dispose(): Promise<void> {
    await this.close();
    this.#tcp = null;
    if (this.#options.program === undefined) await this.#program.stop();
  }

  async #play(): Promise<void> {
    const { record, board, speed, loop, options, recordFolders } = this.#options;
    const pace = speed === Number.POSITIVE_INFINITY ? 'max' : String(speed);
    const named = fromHere(record);
    const words = ['play', named, '--board', board, '--to', 'tcp:127.0.0.1:0', '--speed', pace, '--attended'];
    if (loop) words.push('--loop');
    const { what, port } = await this.#program.play([...words, ...options.map(fromHere)], recordFolders);
    if (what !== null) this.#sentence = `${what}, played by the simulated ${board} board`;
    this.#tcp = new TcpLink('127.0.0.1', port);
  }
}

/** Paths are relative to where the daemon runs, whatever folder the simulator is started in. */
function fromHere(word: string): string {
  return word.includes('/') ? resolve(word) : word;
}
