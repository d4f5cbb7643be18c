import type { EngineMath } from '../engine/engine.ts';
import type { Outputs } from '../network/predictor.ts';
import type { Preprocessing } from '../recipes/preprocessing.ts';
import { type ColourRegression, colourLogOdds, colourStatistics, STATISTICS } from './colours.ts';

/**
 * What a network gives of images, with what their colours say added.
 * @param pixels what the network has read, [images, height, width, 3]
 */
export function withColours(
  outputs: Outputs,
  regression: ColourRegression,
  pixels: Float32Array,
  preprocessing: Preprocessing,
  { exp }: Pick<EngineMath, 'exp'>,
): Outputs {
  const size = preprocessing.height * preprocessing.width * 3;
  const statistics = new Float64Array(STATISTICS);
  const logits = outputs.logits.map((logit, i) =>
    colourStatistics(pixels, i * size, preprocessing, statistics, 0)
      ? logit + colourLogOdds(regression, statistics)
      : logit,
  );
  return { ...outputs, logits, probabilities: logits.map((logit) => 1 / (1 + exp(-logit))) };
}
