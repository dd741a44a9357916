/** What a benchmark is: one file a topic in this folder, `NAME.ts`, that exports `topic`. */

/** A table for people and for README: the same figures as `json`, rounded. */
export interface ResultTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
  /** What the reader must know to read it right: data, protocol, machine. */
  readonly note?: string;
}

export interface BenchResult {
  readonly tables: readonly ResultTable[];
  /** Everything measured, unrounded, for machines. */
  readonly json: Readonly<Record<string, unknown>>;
  /** In which file below results/, where it is not the topic's: figures that are another question's. */
  readonly file?: string;
}

export interface BenchTopic {
  /** One sentence: what it measures. */
  readonly summary: string;
  /** @param args what followed the name on the command line; @param progress one line of progress for people */
  run(args: readonly string[], progress: (line: string) => void): Promise<BenchResult>;
}
