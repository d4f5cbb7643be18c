import { type ColourRegression, colourStatistics, STATISTICS } from '../model/colours.ts';
import type { ModelMetadata } from '../model/metadata.ts';
import type { Network, Weights } from '../network/network.ts';
import { enoughCells, LEAST_CELLS } from './enough-cells.ts';
import { fitColours, scaledColours } from './fit-colours.ts';
import { withLastLayer } from './last-layer.ts';
import { betweenSteps, imagesOf, type OutputsInput } from './outputs.ts';
import type { RunParts } from './parts.ts';

/** What gives the log-odds of a cell: a network and, where the recipe asks for it, what its colours say, added. */
export interface Judges {
  readonly weights: Weights;
  readonly colours?: ColourRegression;
}

export interface JudgesInput extends OutputsInput {
  readonly parts: RunParts;
  readonly weights: Weights;
}

/**
 * Gives the colours their share of the log-odds, by a logistic regression on all training cells, and the network the rest.
 * @returns the network alone where the recipe does not ask for colours, or nothing could be fitted, which `said` says
 */
export async function withColourRegression(
  input: JudgesInput,
): Promise<{ judges: Judges; said?: NonNullable<ModelMetadata['colours']> }> {
  const { recipe, parts, weights, math, onProgress } = input;
  const share = recipe.training.colours;
  if (share === undefined) return { judges: { weights } };
  const statistics = new Float64Array(parts.train.length * STATISTICS);
  const { height, width } = recipe.preprocessing;
  const labels: number[] = [];
  for await (const { cells, images } of imagesOf(input, 'colours', parts.train)) {
    for (const [i, cell] of cells.entries()) {
      const from = i * height * width * 3;
      const to = labels.length * STATISTICS;
      if (colourStatistics(images, from, recipe.preprocessing, statistics, to))
        labels.push(parts.targets[cell]);
    }
  }
  if (!enoughCells(labels)) {
    const reason = `fewer than ${LEAST_CELLS} training cells of a label whose colours can be told`;
    return { judges: { weights }, said: { method: 'none', reason } };
  }
  const told = statistics.subarray(0, labels.length * STATISTICS);
  const onStep = betweenSteps(onProgress, 'colours', parts.train.length);
  const colours = await fitColours(told, labels, math, onStep);
  return {
    judges: {
      weights: scaledLogit(recipe.network, weights, 1 - share),
      colours: scaledColours(colours, share),
    },
    said: { method: 'logistic', share },
  };
}

/** The same, with log-odds that are so many times theirs. */
export function scaledJudges(network: Network, { weights, colours }: Judges, factor: number): Judges {
  return {
    weights: scaledLogit(network, weights, factor),
    ...(colours && { colours: scaledColours(colours, factor) }),
  };
}

/** The weights of the network whose logit is so many times this one's. */
function scaledLogit(network: Network, weights: Weights, slope: number): Weights {
  const scaled = (value: number) => slope * value;
  return withLastLayer(network, weights, { kernel: scaled, bias: scaled });
}
