import jstat from 'jstat';

/** Quantiles interpolated as numpy's default and R's type 7; of one value, that value. */
export function quantiles(values: readonly number[], shares: readonly number[]): number[] {
  // jStat gives NaN there.
  if (values.length === 1) return shares.map(() => values[0]);
  return jstat.jStat.quantiles([...values], [...shares], 1, 1);
}
