/** A stored data set against the records that are here: the files it was made of, and every image made again. */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { Dataset } from './dataset.ts';
import { makeDataset } from './make-dataset.ts';

const FIX = 'Remove its folder: the next command makes it again from the records that are here';

/** @throws RhythmdError E_DATASET_DIFFERS naming the first record that is not as it was, and what reading records throws */
export function verifyDataset(stored: Dataset): void {
  const names = stored.records.map(({ name }) => name);
  const made = makeDataset(stored.recipe, names);
  for (const [index, was] of stored.records.entries()) {
    const is = made.records[index]!;
    if (was.annotationSha256 !== is.annotationSha256) throw differs(was.name, 'has other annotations');
    if (was.signalSha256 !== is.signalSha256) throw differs(was.name, 'has another signal');
  }
  const { storedSize, images, record, sample, label } = made;
  for (let beat = 0; beat < made.count; beat++) {
    const name = names[record[beat]!]!;
    if (sample[beat] !== stored.sample[beat] || label[beat] !== stored.label[beat])
      throw differs(name, 'has other beats');
    for (let i = beat * storedSize; i < (beat + 1) * storedSize; i++) {
      if (images[i] !== stored.images[i])
        throw differs(name, `gives another image of the beat at ${sample[beat]}`);
    }
  }
  if (stored.images.length !== images.length)
    throw differs(names.at(-1) ?? 'none', 'gives another number of images');
}

function differs(name: string, how: string): RhythmdError {
  return new RhythmdError('E_DATASET_DIFFERS', `record ${name} ${how} than the data set was made of`, FIX);
}
