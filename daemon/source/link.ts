/** A line that carries bytes: serial, network, pipe. */
import type { RhythmdError } from '@rhythmd/ecg/errors.ts';

export interface LinkHandlers {
  /** The array is the receiver's to keep. */
  data(bytes: Uint8Array): void;
  /**
   * The line is gone, once per `open`, unless `close` was called.
   * @param error why; null for an orderly end
   * @param final the line will not come back (end of the input)
   */
  closed(error: RhythmdError | null, final: boolean): void;
}

export interface Link {
  /** For people: "/dev/ttyUSB0 at 115200 baud". */
  readonly name: string;
  /** A record is known to play at the other end. */
  readonly replay: boolean;
  /** What plays there, for people; null while unknown. */
  readonly playing: string | null;
  /** Bits per second; null where there is no such thing. */
  readonly baud: number | null;
  /** @throws RhythmdError saying why it cannot be opened now */
  open(handlers: LinkHandlers): Promise<void>;
  /** Sends what can be sent; a line that takes no bytes ignores them. */
  write(bytes: Uint8Array): void;
  close(): Promise<void>;
  /** Another line speed for the next `open`, where it is not known; @returns false when there is none. */
  nextBaud?(): boolean;
  /** Gives up what outlives `close`: a program started for this line. */
  dispose?(): Promise<void>;
}
