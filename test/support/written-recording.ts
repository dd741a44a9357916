/** A recording as the recorder leaves it, made up: a ramp, a beat each second of which each tenth is ventricular, and marks. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Annotation, formatAnnotations } from '@rhythmd/ecg/wfdb/annotation.ts';
import { AnnotationCode } from '@rhythmd/ecg/wfdb/annotation-codes.ts';

export const RECORDED_HZ = 360;

/** @param marks what happened beside beats, in samples of the recording; @param isBeatAt whether the heart beats then */
export async function writeRecording(
  folder: string,
  startMs: number,
  seconds: number,
  marks: readonly Pick<Annotation, 'sample' | 'code' | 'subtype' | 'aux'>[] = [],
  isBeatAt: (second: number) => boolean = () => true,
): Promise<void> {
  const iso = new Date(startMs).toISOString();
  const name = iso.slice(0, 19).replace(/[-:]/g, '').replace('T', '_');
  const [year, month, day] = iso.slice(0, 10).split('-');
  const samples = Int16Array.from({ length: seconds * RECORDED_HZ }, (_, i) => i % 900);
  const beats = Array.from({ length: seconds - 1 }, (_, i) => ({
    sample: (i + 1) * RECORDED_HZ,
    code: i % 10 === 9 ? AnnotationCode.ventricularPremature : AnnotationCode.normal,
    subtype: 0,
    aux: null,
  })).filter((_, i) => isBeatAt(i + 1));
  const all = [...beats, ...marks]
    .sort((a, b) => a.sample - b.sample)
    .map((mark) => ({ ...mark, channel: 0, num: 0 }));
  await writeFile(
    join(folder, `${name}.hea`),
    `${name} 1 ${RECORDED_HZ} ${samples.length} ${iso.slice(11, 19)} ${day}/${month}/${year}\n${name}.dat 16 1000(0)/mV 16 0 0 0 0 MLII\n`,
  );
  await writeFile(join(folder, `${name}.dat`), new Uint8Array(samples.buffer));
  await writeFile(join(folder, `${name}.atr`), formatAnnotations(all));
}
