import { labelNumber, type Prediction } from './prediction.ts';

/** Probabilities from `low` to `high`, both included, are too near to the threshold to call. */
export interface IndeterminateBand {
  readonly low: number;
  readonly high: number;
}

/**
 * The band about a threshold outside which the fewest mistakes are left, with at most `most` predictions in it: of several
 * such bands the one with the fewest predictions. Cells of the same probability are all in it or all outside.
 *
 * @param most number of predictions that may be indeterminate
 * @returns undefined where no band takes in a mistake
 */
export function indeterminateBand(
  predictions: readonly Pick<Prediction, 'probability' | 'label'>[],
  threshold: number,
  most: number,
): IndeterminateBand | undefined {
  const groups = byProbability(predictions, threshold);
  const reached = groups.findIndex(({ probability }) => probability >= threshold);
  const first = reached === -1 ? groups.length : reached;
  let best = { mistakes: 0, cells: 0, low: threshold, high: threshold };
  // Cells at the threshold itself are in every band. Downwards from there, then as far up as there is room.
  const at = groups.findLastIndex(({ probability }) => probability === threshold);
  const above = at === -1 ? first : at + 1;
  let { cells, mistakes } = groups[at] ?? { cells: 0, mistakes: 0 };
  for (let low = first; low >= 0 && cells <= most; low--) {
    let [inside, caught] = [cells, mistakes];
    for (let high = above; inside <= most; high++) {
      if (caught > best.mistakes || (caught === best.mistakes && inside < best.cells)) {
        best = {
          mistakes: caught,
          cells: inside,
          low: low < first ? groups[low].probability : threshold,
          high: high > above ? groups[high - 1].probability : threshold,
        };
      }
      if (high === groups.length) break;
      inside += groups[high].cells;
      caught += groups[high].mistakes;
    }
    if (low === 0) break;
    cells += groups[low - 1].cells;
    mistakes += groups[low - 1].mistakes;
  }
  return best.mistakes > 0 ? { low: best.low, high: best.high } : undefined;
}

/** Distinct probabilities, ascending, with the number of cells and of mistakes at each. */
function byProbability(
  predictions: readonly Pick<Prediction, 'probability' | 'label'>[],
  threshold: number,
): { probability: number; cells: number; mistakes: number }[] {
  const groups = new Map<number, { probability: number; cells: number; mistakes: number }>();
  for (const prediction of predictions) {
    const { probability } = prediction;
    const group = groups.get(probability) ?? { probability, cells: 0, mistakes: 0 };
    group.cells++;
    if ((probability >= threshold ? 1 : 0) !== labelNumber(prediction)) group.mistakes++;
    groups.set(probability, group);
  }
  return [...groups.values()].sort((a, b) => a.probability - b.probability);
}

/** The band where the threshold is another one: moved with it on the scale of log-odds. */
export function movedBand(band: IndeterminateBand, from: number, to: number): IndeterminateBand {
  if (from === to) return band;
  const ratio = odds(to) / odds(from);
  const moved = (probability: number) => {
    const scaled = ratio * odds(probability);
    return scaled === Number.POSITIVE_INFINITY ? 1 : scaled / (1 + scaled);
  };
  // With a threshold of 0 or 1 there is nothing on one side of it: nothing is too near to call.
  if (!(ratio > 0 && ratio < Number.POSITIVE_INFINITY)) return { low: 1, high: 0 };
  return { low: moved(band.low), high: moved(band.high) };
}

function odds(probability: number): number {
  return probability / (1 - probability);
}
