import { labelNumber, type PredictionRow } from './prediction.ts';

/** The share of mistakes among the surest cells, and which share of all cells those are. */
export interface RiskCoveragePoint {
  readonly coverage: number;
  readonly risk: number;
}

export interface RiskCoverage {
  /** From the surest cells to all; one point for each distinct distance from the threshold. */
  readonly points: readonly RiskCoveragePoint[];
  /** Area under the curve: the mean risk over the coverages 1/n, 2/n, ... 1. 0 is best. */
  readonly aurc: number;
}

/**
 * What is gained by not calling the least sure cells: the risk-coverage curve (El-Yaniv and Wiener 2010; Geifman and El-Yaniv
 * 2017, arXiv 1705.08500), with the distance of the log-odds from those of the threshold as how sure a call is: that of
 * probabilities would hold calls on the wider side of a threshold for the surer ones. Cells of one distance come in together; for
 * the area they come in evenly, since their order means nothing.
 *
 * @returns undefined without predictions
 */
export function riskCoverage(
  predictions: readonly Pick<PredictionRow, 'probability' | 'label'>[],
  threshold: number,
): RiskCoverage | undefined {
  if (predictions.length === 0) return undefined;
  const cells = predictions
    .map((prediction) => ({
      sure: oddsRatio(prediction.probability, threshold),
      mistake: (prediction.probability >= threshold ? 1 : 0) === labelNumber(prediction) ? 0 : 1,
    }))
    .sort((a, b) => b.sure - a.sure);
  const points: RiskCoveragePoint[] = [];
  let [kept, mistakes, sum] = [0, 0, 0];
  while (kept < cells.length) {
    const group = sameDistance(cells, kept);
    const more = group.reduce((total, { mistake }) => total + mistake, 0);
    for (let i = 1; i <= group.length; i++) sum += (mistakes + (more * i) / group.length) / (kept + i);
    kept += group.length;
    mistakes += more;
    points.push({ coverage: kept / cells.length, risk: mistakes / kept });
  }
  return { points, aurc: sum / cells.length };
}

/** Of a probability and the threshold, the larger over the smaller: their distance in log-odds, without the logarithm. */
function oddsRatio(probability: number, threshold: number): number {
  const at = Math.min(1 - NEAREST, Math.max(NEAREST, threshold));
  const [high, low] = probability >= at ? [probability, at] : [at, probability];
  return (high * (1 - low)) / ((1 - high) * low);
}

/** Thresholds of 0 and 1 have no odds: they count as this near to them. */
const NEAREST = 2 ** -24;

function sameDistance<C extends { readonly sure: number }>(cells: readonly C[], from: number): C[] {
  let end = from + 1;
  while (end < cells.length && cells[end].sure === cells[from].sure) end++;
  return cells.slice(from, end);
}
