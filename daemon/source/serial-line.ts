/** An open serial port, whoever opened it. */

export interface SerialLineHandlers {
  /** The array is the receiver's to keep. */
  data(bytes: Uint8Array): void;
  /** The port is gone, once, unless `close` was called. */
  lost(cause: Error | null): void;
}

export interface SerialLine {
  /** Sends what can be sent; what can't is lost. */
  write(bytes: Uint8Array): void;
  close(): Promise<void>;
}

/** @throws RhythmdError E_PORT_... saying why it does not open */
export type OpenSerialLine = (
  path: string,
  baud: number,
  handlers: SerialLineHandlers,
) => Promise<SerialLine>;
