import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** What a results file says of the model it is about. */
export function describedModel(file, { recipe, commit, threshold }) {
  const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex');
  return { file: basename(file), sha256, recipe: recipe.name, commit, threshold };
}
