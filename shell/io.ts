/** What a command may touch of the world outside; tests give it their own. */
export interface CommandIo {
  /** One line on standard output: what the user asked for. */
  readonly out: (line: string) => void;
  /** One line on standard error: progress and problems. */
  readonly err: (line: string) => void;
  readonly environment: NodeJS.ProcessEnv;
  /** Aborted by Ctrl-C (reason `SIGINT`) or the service manager (`SIGTERM`). */
  readonly signal: AbortSignal;
}

/** What the file of a command exports. */
export interface CommandModule {
  /** @returns the exit status: 0 done, 1 the run failed */
  run(args: string[], io: CommandIo): Promise<number>;
  /** It watches `io.signal` and ends by itself, cleanly; without this an interruption ends the program at once. */
  readonly endsItself?: true;
}
