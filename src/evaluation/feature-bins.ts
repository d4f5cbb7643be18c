/** A column of numbers, sorted into bins. */
export interface BinnedColumn {
  /** Bin i has the values above threshold i - 1, up to and with threshold i. */
  readonly thresholds: Float64Array;
  /** The bin of each row. */
  readonly bins: Uint8Array;
}

/**
 * Cuts a column between its distinct values or, where there are more than `most`, at its quantiles, as scikit-learn's
 * histogram boosting does.
 *
 * @param most from 2 to 256
 */
export function binColumn(values: ArrayLike<number>, most: number): BinnedColumn {
  const sorted = Float64Array.from(values).sort();
  const distinct = sorted.filter(isNew);
  const thresholds = (distinct.length <= most ? between(distinct) : quantiles(sorted, most)).filter(isNew);
  return { thresholds, bins: Uint8Array.from(values, (value) => binOf(value, thresholds)) };
}

function isNew(value: number, i: number, sorted: Float64Array): boolean {
  return i === 0 || value !== sorted[i - 1];
}

function between(distinct: Float64Array): Float64Array {
  return distinct.subarray(1).map((value, i) => (distinct[i] + value) / 2);
}

/** Those of the inverted distribution function, averaged at its steps. */
function quantiles(sorted: Float64Array, count: number): Float64Array {
  return Float64Array.from({ length: count - 1 }, (_, i) => {
    const place = (sorted.length * (i + 1)) / count;
    const above = sorted[Math.floor(place)];
    return Number.isInteger(place) ? (sorted[place - 1] + above) / 2 : above;
  });
}

/** The first bin whose threshold is not below the value; the last one where there is none. */
function binOf(value: number, thresholds: Float64Array): number {
  let low = 0;
  let high = thresholds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= thresholds[middle]) high = middle;
    else low = middle + 1;
  }
  return low;
}
