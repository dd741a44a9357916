/** How a command went, for scripts: the same four numbers in every program. */
export const EXIT_DONE = 0;
/** The run failed. */
export const EXIT_FAILED = 1;
/** The command was called or configured wrongly. */
export const EXIT_USAGE = 2;
/** A signal ended it: 128 + SIGINT, as shells say it. */
export const EXIT_INTERRUPTED = 130;
