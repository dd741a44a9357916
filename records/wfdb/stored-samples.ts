/** The samples of one signal file as they are stored, whatever packs them. */

export interface StoredSamples {
  /** Samples of all its signals together; null: the file does not say. */
  readonly count: number | null;
  /** Up to `count` interleaved samples from `first` on: fewer at the end. @throws RhythmdError E_RECORD_READ, E_WFDB_FLAC */
  read(first: number, count: number): Int32Array;
  close(): void;
}
