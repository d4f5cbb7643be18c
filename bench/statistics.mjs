export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Median over the rounds of ours divided by theirs in the same round. */
export function ratio(ours, theirs) {
  return rounded(median(ours.map((value, round) => value / theirs[round])));
}

export function rounded(value) {
  return Number(value.toPrecision(4));
}
