import { setImmediate } from 'node:timers/promises';
import { type ColourRegression, colourStatistics, STATISTICS } from '../model/colours.ts';
import { resolve } from '../network/graph.ts';
import type { Network, Weights } from '../network/network.ts';
import { fitColours, scaledColours } from './fit-colours.ts';
import { imagesOf, type OutputsInput } from './outputs.ts';
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
 * @returns the network alone where the recipe does not ask for colours
 */
export async function withColourRegression(input: JudgesInput): Promise<Judges> {
  const { recipe, parts, weights, math, onProgress } = input;
  const share = recipe.training.colours;
  if (share === undefined) return { weights };
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
  if (labels.length === 0) return { weights };
  const told = statistics.subarray(0, labels.length * STATISTICS);
  const colours = await fitColours(told, labels, math, async () => {
    // Lets signals in, and stops where there was one.
    await setImmediate();
    onProgress('colours', parts.train.length, parts.train.length);
  });
  return {
    weights: scaledLogit(recipe.network, weights, 1 - share),
    colours: scaledColours(colours, share),
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
  const { name } = resolve(network).nodes.at(-1) as { name: string };
  return new Map(
    [...weights].map(([key, parameter]) => [
      key,
      key === `${name}/kernel` || key === `${name}/bias`
        ? { ...parameter, data: parameter.data.map((value) => slope * value) }
        : parameter,
    ]),
  );
}
