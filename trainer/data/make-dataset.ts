/** Records to beats with images, by the same `BeatBuilder` that the daemon runs. */
import { createHash } from 'node:crypto';
import { BeatBuilder } from '@rhythmd/ecg/beat/beat-builder.ts';
import { ec57LabelOf, paperLabelOf } from '@rhythmd/ecg/beat/labels.ts';
import { recordLevel } from '@rhythmd/ecg/beat/level.ts';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { Beat } from '@rhythmd/ecg/types.ts';
import { DS1_RECORDS } from '@rhythmd/records/mitdb.ts';
import { readHeader, readRecord, readRecordFile } from '@rhythmd/records/read-record.ts';
import {
  type Dataset,
  type DatasetRecipe,
  planesOf,
  type RecordChecksum,
  storedSizeOf,
  storeImage,
} from './dataset.ts';
import { addRecordedNoise, isNoisyCopy, originalOf } from './noisy-copy.ts';
import { pipelineLeads, recordPath, referenceBeats } from './record-source.ts';

const CHUNK_SAMPLES = 360;

/** @throws RhythmdError E_RECORD_NOT_FOUND and what else reading records throws; E_DATASET_BEATS */
export function makeDataset(
  recipe: DatasetRecipe,
  recordNames: readonly string[],
  onRecord: (name: string, index: number) => void = () => {},
): Dataset {
  const paths = recordNames.map((name) => recordPath(originalOf(name)));
  const annotations = recordNames.map((name, i) =>
    referenceBeats(originalOf(name), readHeader(paths[i]!).rateHz),
  );
  const showsBoth = recipe.channels === 'leads-context';
  const leadsOf = (name: string): number[] =>
    recipe.leads === 'both' && DS1_RECORDS.includes(name) ? [0, 1] : [0];
  const count = annotations.reduce(
    (sum, beats, i) => sum + beats.length * leadsOf(recordNames[i]!).length,
    0,
  );
  const size = storedSizeOf(recipe);
  const images = new Int16Array(count * size);
  const code = new Uint8Array(count);
  const sample = new Int32Array(count);
  const record = new Uint8Array(count);
  const lead = new Uint8Array(count);
  const records: RecordChecksum[] = [];
  let next = 0;
  for (const [index, name] of recordNames.entries()) {
    onRecord(name, index);
    const beats = annotations[index]!;
    const signals = readRecord(paths[index]!, undefined, refuseDamaged);
    const { path, header } = signals;
    const leads = pipelineLeads(signals);
    if (isNoisyCopy(name)) addRecordedNoise(name, leads, beats);
    for (const leadIndex of leadsOf(name)) {
      const first = next;
      const peaks = beats.map((beat) => beat.sample);
      const second = showsBoth ? (leads[1] ?? null) : null;
      buildBeats(leads[leadIndex]!, second, peaks, recipe, ({ image }) => {
        code[next] = beats[next - first]!.code;
        sample[next] = beats[next - first]!.sample;
        record[next] = index;
        lead[next] = leadIndex;
        storeImage(image, images, next++, size);
      });
      if (next - first !== beats.length) {
        const built = `${next - first} of ${beats.length} beats built`;
        throw new RhythmdError('E_DATASET_BEATS', `record ${name}: ${built}`);
      }
    }
    const folder = path.slice(0, path.lastIndexOf('/') + 1);
    records.push({
      name,
      beats: beats.length,
      signalSha256: sha256(readRecordFile(`${folder}${header.signals[0]!.fileName}`)),
      annotationSha256: sha256(readRecordFile(`${path}.atr`)),
    });
  }
  const label = code.map(recipe.labels === 'ec57' ? ec57LabelOf : paperLabelOf);
  const planes = planesOf(recipe);
  return { recipe, planes, storedSize: size, count, records, record, lead, sample, code, label, images };
}

/** One lead (and a second, where the layout shows two) and its peaks through the streaming builder, as live. */
export function buildBeats(
  lead: Float32Array,
  second: Float32Array | null,
  peaks: readonly number[],
  { normalisation, channels }: DatasetRecipe,
  onBeat: (beat: Beat) => void,
): void {
  const builder = new BeatBuilder({
    rateHz: 360,
    normalisation: normalisation === 'running' ? 'running' : recordLevel(lead),
    channels,
  });
  let next = 0;
  for (let first = 0; first < lead.length; first += CHUNK_SAMPLES) {
    const count = Math.min(CHUNK_SAMPLES, lead.length - first);
    const other = second === null ? null : second.subarray(first, first + count);
    builder.pushSamples(lead.subarray(first, first + count), count, first, other);
    while (next < peaks.length && peaks[next]! < first + count) {
      const sample = peaks[next++]!;
      builder.pushPeak({ sample, amplitudeMv: lead[sample]!, knownAt: sample });
    }
    builder.drain(onBeat);
  }
  builder.flush(onBeat);
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Elsewhere a wrong checksum is a warning: what is trained on has to be what was published. */
function refuseDamaged(warning: string): never {
  throw new RhythmdError('E_WFDB_CHECKSUM', warning, 'Fetch the record again');
}
