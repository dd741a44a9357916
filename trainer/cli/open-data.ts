/** The data set of a recipe, with a line for people while it is made. */
import type { Dataset, DatasetRecipe } from '../data/dataset.ts';
import { openDataset } from '../data/store.ts';
import { trainingFolder } from '../files.ts';

export function openData(recipe: DatasetRecipe): Dataset {
  return openDataset(trainingFolder(), recipe, (name) => {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[Kmaking beat images: record ${name}`);
  });
}
