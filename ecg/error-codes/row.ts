/** One row of the error table: what a code means to whoever reads it. */
export interface ErrorRow {
  /** What has happened, in a sentence. */
  readonly cause: string;
  /** What the reader can do about it. */
  readonly fix: string;
  /** The command was called or configured wrongly: exit status 2 instead of 1. */
  readonly usage?: true;
}
