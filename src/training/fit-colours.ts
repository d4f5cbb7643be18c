import type { EngineMath } from '../engine/engine.ts';
import { type ColourRegression, STATISTICS, standardized } from '../model/colours.ts';
import { fitLogistic, momentsOf } from './fit-logistic.ts';

/** Columns of the regression: the statistics, their squares, and products of each two. */
const COLUMNS = STATISTICS + (STATISTICS * (STATISTICS + 1)) / 2;
/** Standardized, what varies does so by about 1; less than this is the rounding of a statistic that never varies. */
const DEAD = 1e-3;

/**
 * Tells parasitized cells from uninfected ones by the statistics of their colours.
 *
 * @param statistics of cells, [cells, statistics]
 * @param labels 1 parasitized, 0 uninfected
 * @param math the engine's: what is fitted is the same everywhere
 * @param onStep awaited before each of Newton's steps. What it throws ends the work.
 */
export async function fitColours(
  statistics: Float64Array,
  labels: ArrayLike<number>,
  math: Pick<EngineMath, 'exp'>,
  onStep: () => Promise<void> = async () => {},
): Promise<ColourRegression> {
  const moments = momentsOf({ columns: STATISTICS, values: statistics });
  const scale = {
    mean: Float32Array.from(moments.mean),
    deviation: Float32Array.from(moments.deviation, (value) => value || 1),
  };
  const values = new Float64Array(labels.length * COLUMNS);
  for (let cell = 0; cell < labels.length; cell++) {
    const own = statistics.subarray(cell * STATISTICS, (cell + 1) * STATISTICS);
    values.set(withProducts(standardized(scale, own)), cell * COLUMNS);
  }
  const isDead = (column: number, deviations: Float64Array) => deviations[column] < DEAD;
  const table = { columns: COLUMNS, values };
  const { weights, bias } = await fitLogistic(table, labels, math, { isDead, onStep });
  const products = new Float32Array(STATISTICS * STATISTICS);
  let at = STATISTICS;
  for (let i = 0; i < STATISTICS; i++) {
    for (let j = i; j < STATISTICS; j++) products[i * STATISTICS + j] = weights[at++];
  }
  const linear = Float32Array.from(weights.subarray(0, STATISTICS));
  return { ...scale, linear, products, bias: Float32Array.of(bias) };
}

/** The regression whose log-odds are so many times those of this one. */
export function scaledColours(regression: ColourRegression, factor: number): ColourRegression {
  const times = (values: Float32Array) => values.map((value) => factor * value);
  const { linear, products, bias } = regression;
  return { ...regression, linear: times(linear), products: times(products), bias: times(bias) };
}

/** In the order of the regression's columns. */
function withProducts(z: Float64Array): number[] {
  const columns = [...z];
  for (let i = 0; i < z.length; i++) for (let j = i; j < z.length; j++) columns.push(z[i] * z[j]);
  return columns;
}
