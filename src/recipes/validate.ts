import * as v from 'valibot';
import { GiemsaError } from '../cells/errors.ts';
import { NetworkError } from '../network/errors.ts';
import { type Graph, resolve } from '../network/graph.ts';
import { tooLarge } from '../network/largest.ts';
import { isLayer } from '../network/layers/definition.ts';
import { dense } from '../network/layers/dense.ts';
import type { Network } from '../network/network.ts';
import { describe } from '../network/options.ts';
import type { Recipe } from './recipe.ts';
import { recipeSchema } from './schema.ts';

/**
 * The recipe as it is, once every field of it is known to be right.
 *
 * @throws GiemsaError `wrong-recipe`, one line a mistake: the path of the field, what it should be, what it is, as in
 *   `training.schedule.peak: expected a number above 0, received "fast"`
 */
export function validateRecipe(value: unknown): Recipe {
  const result = v.safeParse(recipeSchema, value, { abortPipeEarly: true });
  if (!result.success) throw wrong(result.issues.map(mistakeOf));
  // Checked by the schema but for the network's layers, which the network itself checks.
  const recipe = value as Recipe;
  const mistakes = disagreements(recipe);
  if (mistakes.length > 0) throw wrong(mistakes);
  const graph = graphOf(recipe.network);
  const large = tooLarge(graph);
  if (large) {
    throw wrong([
      `network: expected at most ${large.limit} ${large.what}, as model files may have, received ${large.found}`,
    ]);
  }
  const last = graph.nodes[graph.nodes.length - 1];
  if (last.shape.join() !== '1') {
    throw wrong([
      `network.layers: expected a last layer of shape [1], the logit, received [${last.shape.join(', ')}]`,
    ]);
  }
  const { outlier } = recipe.training;
  const needing = (['colours', 'calibration', 'outlier'] as const).find((field) => recipe.training[field]);
  if (needing && !(isLayer(last, dense) && last.options.bias)) {
    throw wrong([
      `network.layers: expected a dense last layer with a bias, as training.${needing} needs, received ${last.type}${isLayer(last, dense) ? ' without a bias' : ''}`,
    ]);
  }
  if (outlier && last.inputShapes[0][0] > MOST_FEATURES) {
    throw wrong([
      `network.layers: expected a last layer that reads at most ${MOST_FEATURES} values, as training.outlier needs, received one that reads ${last.inputShapes[0][0]}`,
    ]);
  }
  const { height, width } = recipe.preprocessing;
  if (outlier && height * width > MOST_PIXELS) {
    throw wrong([
      `preprocessing: expected at most ${MOST_PIXELS} pixels, as training.outlier needs, received ${height} x ${width}`,
    ]);
  }
  return recipe;
}

/** For the network that tells platelets, which sees as many: more, and its activations would go beyond what model files may ask for. */
const MOST_PIXELS = 448 * 448;
/** Their covariance is in the model file. */
const MOST_FEATURES = 1024;

function graphOf(network: Network): Graph {
  try {
    return resolve(network);
  } catch (error) {
    if (error instanceof NetworkError) throw wrong([`network: ${error.message}`]);
    throw error;
  }
}

function wrong(mistakes: readonly string[]): GiemsaError {
  const heading =
    mistakes.length === 1 ? 'the recipe has a mistake' : `the recipe has ${mistakes.length} mistakes`;
  return new GiemsaError('wrong-recipe', `${heading}: ${mistakes.join('\n  ')}`);
}

/** What no single field shows. */
function disagreements({ network, preprocessing, training }: Recipe): string[] {
  const mistakes: string[] = [];
  if (training.colours && preprocessing.offset !== 0) {
    mistakes.push('preprocessing.offset: expected 0, as training.colours needs, which takes 0 for black');
  }
  for (const side of ['height', 'width'] as const) {
    if (training.colours && preprocessing[side] < 3) {
      mistakes.push(
        `preprocessing.${side}: expected 3 or more, as training.colours needs, received ${preprocessing[side]}`,
      );
    }
    if (network.input[side] === preprocessing[side]) continue;
    mistakes.push(
      `network.input.${side}: expected ${preprocessing[side]}, as preprocessing.${side} has it, received ${network.input[side]}`,
    );
  }
  return mistakes;
}

function mistakeOf(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue) ?? 'recipe';
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    return `${path}: unknown field; check its spelling`;
  }
  if (issue.received === 'undefined') return `${path}: missing`;
  return `${path}: expected ${expectation(issue)}, received ${describe(issue.input)}`;
}

/** The schema's own words, such as "a number above 0"; valibot's ("string") where it has none. */
function expectation(issue: v.BaseIssue<unknown>): string {
  return issue.message.startsWith('Invalid') ? (issue.expected ?? 'another value') : issue.message;
}
