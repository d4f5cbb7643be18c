import { countMultiplyAdds, resolve } from '../network/graph.ts';
import { plateletNetwork } from '../recipes/platelet-network.ts';
import type { Recipe } from '../recipes/recipe.ts';
import { stepsPerEpoch } from './batches.ts';
import { plateletSteps } from './fit-platelet.ts';
import { FORWARD_SHARE } from './pace.ts';
import type { RunParts } from './parts.ts';

/**
 * What follows the last epoch, for an estimate of the time it takes: so many batches that the network reads without a gradient.
 * Predictions, calibration and outliers are such batches; the network that tells platelets is trained, and counts by its multiply-adds.
 * What no network reads (colours, appearance) is left out, and the few cells that platelets are looked for on.
 */
export function resultBatches(recipe: Recipe, parts: RunParts): number {
  const { batch, calibration, outlier } = recipe.training;
  const batches = ({ length }: Uint32Array) => stepsPerEpoch(length, batch);
  const predicted = batches(parts.predicted) + (calibration ? batches(parts.val) : 0);
  if (!outlier) return predicted;
  const { steps, cells } = plateletSteps(recipe, parts);
  const cost = multiplyAdds(plateletNetwork(recipe.preprocessing)) / multiplyAdds(recipe.network);
  return predicted + batches(parts.train) + (cost * (steps * cells)) / batch / FORWARD_SHARE;
}

function multiplyAdds(network: Recipe['network']): number {
  return countMultiplyAdds(resolve(network));
}
