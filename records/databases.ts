/** The databases `npm run records -- fetch` knows, as PhysioNet publishes them. */
import { MITDB_RECORDS, NSTDB_RECORDS } from './mitdb.ts';

export interface Database {
  readonly name: string;
  readonly title: string;
  /** Ends in a slash. */
  readonly url: string;
  /** What of it is used here; its checksums are in SHA256SUMS.txt beside them. */
  readonly files: readonly string[];
  readonly license: string;
}

const withExtensions = (records: readonly string[], extensions: readonly string[]) =>
  records.flatMap((record) => extensions.map((extension) => `${record}.${extension}`));

const LICENSE = 'Open Data Commons Attribution License v1.0';

export const DATABASES: readonly Database[] = [
  {
    name: 'mitdb',
    title: 'MIT-BIH Arrhythmia Database 1.0.0 (doi 10.13026/C2F305)',
    url: 'https://physionet.org/files/mitdb/1.0.0/',
    files: ['RECORDS', ...withExtensions(MITDB_RECORDS, ['hea', 'dat', 'atr'])],
    license: LICENSE,
  },
  {
    name: 'nstdb',
    title: 'MIT-BIH Noise Stress Test Database 1.0.0, the noise (doi 10.13026/C2HS3T)',
    url: 'https://physionet.org/files/nstdb/1.0.0/',
    files: withExtensions(NSTDB_RECORDS, ['hea', 'dat']),
    license: LICENSE,
  },
];

export const CHECKSUM_FILE = 'SHA256SUMS.txt';
