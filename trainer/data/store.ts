/** Data sets on disk, outside the repository, made once and read by every training. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ec57LabelOf, paperLabelOf } from '@rhythmd/ecg/beat/labels.ts';
import { DS2_RECORDS } from '@rhythmd/records/mitdb.ts';
import { readRecordFile } from '@rhythmd/records/read-record.ts';
import { makeFolder, writeAtomically } from '../files.ts';
import {
  type Dataset,
  type DatasetRecipe,
  planesOf,
  type RecordChecksum,
  recipeName,
  storedSizeOf,
} from './dataset.ts';
import { makeDataset } from './make-dataset.ts';
import { noisyCopyOf, originalOf } from './noisy-copy.ts';
import { recordPath, recordsOf } from './record-source.ts';

/** Raised when the image code changes, so that old files are made again. */
const STORE_VERSION = 3;

interface StoredHeader {
  readonly version: number;
  readonly recipe: DatasetRecipe;
  readonly records: readonly RecordChecksum[];
  readonly code: readonly number[];
  readonly sample: readonly number[];
  readonly record: readonly number[];
  readonly lead: readonly number[];
}

/** Reads a data set, or makes and stores it when it is missing, of an older version, or of other records. */
export function openDataset(
  folder: string,
  recipe: DatasetRecipe,
  onRecord: (name: string, index: number) => void = () => {},
): Dataset {
  const path = join(folder, 'datasets', recipeName(recipe));
  const stored = readDataset(path);
  if (stored !== null) return stored;
  const records = (recipe.databases ?? ['mitdb']).flatMap(recordsOf);
  // Of DS2 there is none: what tests is as it was recorded.
  const copied = recipe.noisyCopies === true ? records.filter((name) => !DS2_RECORDS.includes(name)) : [];
  const names = [...records, ...copied.map(noisyCopyOf)];
  const dataset = makeDataset(recipe, names, onRecord);
  makeFolder(path);
  writeAtomically(join(path, 'images.i16'), [bytesOf(dataset.images)]);
  const header: StoredHeader = {
    version: STORE_VERSION,
    recipe,
    records: dataset.records,
    code: [...dataset.code],
    sample: [...dataset.sample],
    record: [...dataset.record],
    lead: [...dataset.lead],
  };
  // Last: a header says that the images are complete.
  writeAtomically(join(path, 'dataset.json'), [new TextEncoder().encode(JSON.stringify(header))]);
  return dataset;
}

function readDataset(path: string): Dataset | null {
  const headerPath = join(path, 'dataset.json');
  if (!existsSync(headerPath)) return null;
  const header = JSON.parse(readFileSync(headerPath, 'utf8')) as StoredHeader;
  if (header.version !== STORE_VERSION || header.records.some(hasChanged)) return null;
  const bytes = readFileSync(join(path, 'images.i16'));
  const code = Uint8Array.from(header.code);
  return {
    recipe: header.recipe,
    planes: planesOf(header.recipe),
    storedSize: storedSizeOf(header.recipe),
    count: code.length,
    records: header.records,
    record: Uint8Array.from(header.record),
    lead: Uint8Array.from(header.lead),
    sample: Int32Array.from(header.sample),
    code,
    label: code.map(header.recipe.labels === 'ec57' ? ec57LabelOf : paperLabelOf),
    images: new Int16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2),
  };
}

/** Only annotations are compared on every start; `dataset --verify` reads the signals too. */
function hasChanged({ name, annotationSha256 }: RecordChecksum): boolean {
  const bytes = readRecordFile(`${recordPath(originalOf(name))}.atr`);
  return createHash('sha256').update(bytes).digest('hex') !== annotationSha256;
}

function bytesOf(values: Int16Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
