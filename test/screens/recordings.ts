/** A folder of recordings for review, cut out of MIT-BIH records: a night with a hole in it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatAnnotations } from '@rhythmd/ecg/wfdb/annotation.ts';
import { readAnnotations } from '@rhythmd/records/read-annotations.ts';
import { readRecord } from '@rhythmd/records/read-record.ts';

const COUNTS_PER_MV = 200;
/** After this record nothing was recorded for a while. */
const HOLE_AFTER = '119';
const HOLE_MS = 40 * 60_000;

export interface WrittenRecording {
  readonly record: string;
  readonly startMs: number;
}

export function writeRecordings(
  folder: string,
  startMs: number,
  records: readonly string[],
): WrittenRecording[] {
  let at = startMs;
  return records.map((record) => {
    const written = { record, startMs: at };
    const { leads, leadNames, rateHz, sampleCount } = readRecord(record);
    const counts = new Int16Array(leads.length * sampleCount);
    for (let i = 0; i < sampleCount; i++) {
      leads.forEach((lead, k) => {
        counts[leads.length * i + k] = Math.round(lead[i]! * COUNTS_PER_MV);
      });
    }
    const iso = new Date(at).toISOString();
    const name = iso.slice(0, 19).replace(/[-:]/g, '').replace('T', '_');
    const [year, month, day] = iso.slice(0, 10).split('-');
    const checksum = (k: number) => {
      let sum = 0;
      for (let i = k; i < counts.length; i += leads.length) sum = ((sum + counts[i]!) << 16) >> 16;
      return sum;
    };
    const signals = leadNames.map(
      (lead, k) => `${name}.dat 16 ${COUNTS_PER_MV}(0)/mV 16 0 ${counts[k]} ${checksum(k)} 0 ${lead}`,
    );
    const head = `${name} ${leads.length} ${rateHz} ${sampleCount} ${iso.slice(11, 23)} ${day}/${month}/${year}`;
    writeFileSync(join(folder, `${name}.hea`), `${[head, ...signals].join('\n')}\n`);
    writeFileSync(join(folder, `${name}.dat`), new Uint8Array(counts.buffer));
    writeFileSync(join(folder, `${name}.atr`), formatAnnotations(readAnnotations(record, 'atr')));
    at += (sampleCount / rateHz) * 1000 + (record === HOLE_AFTER ? HOLE_MS : 0);
    return written;
  });
}
