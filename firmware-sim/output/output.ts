/** Where a simulated board's bytes go. */
export interface Output {
  /** How it is reached, as a source URL where there is one; complete once started. */
  readonly address: string;
  /** @throws RhythmdError when the address cannot be had */
  start(onCommand: (bytes: Uint8Array) => void): Promise<void>;
  /** Resolves once someone listens, or when `signal` aborts. */
  listening(signal: AbortSignal): Promise<void>;
  /**
   * Resolves when there is room for more. While nobody listens the bytes are gone, as on a real line. The
   * array may be reused afterwards.
   * @returns whether somebody listens
   */
  write(bytes: Uint8Array): Promise<boolean>;
  /** The plug is pulled: whoever listens is cut off until `plug`. */
  unplug(): Promise<void>;
  plug(): Promise<void>;
  /** What was written still arrives. */
  stop(): Promise<void>;
}

/** Resolves when `emitter` says `event`, or when `signal` aborts. */
export function eventOrAbort(
  emitter: { once(event: string, listener: () => void): unknown },
  event: string,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    emitter.once(event, resolve);
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
