/**
 * The threshold that parts a histogram best: the sum of n (mean - m)^2 over the two parts is largest (Otsu 1979, "A threshold
 * selection method from gray-level histograms"). The first of several that part it alike.
 *
 * @param histogram how often each level from 0 on occurs
 * @returns the highest level of the lower part; the only level where there is one, 0 where there is none
 */
export function otsuThreshold(histogram: ArrayLike<number>): number {
  let count = 0;
  let sum = 0;
  for (let level = 0; level < histogram.length; level++) {
    count += histogram[level];
    sum += level * histogram[level];
  }
  let best = -1;
  let threshold = 0;
  let below = 0;
  let sumBelow = 0;
  for (let level = 0; level < histogram.length; level++) {
    below += histogram[level];
    sumBelow += level * histogram[level];
    if (histogram[level] === 0) continue;
    const above = count - below;
    const apart = above === 0 ? 0 : sumBelow / below - (sum - sumBelow) / above;
    const between = below * above * apart * apart;
    if (between <= best) continue;
    best = between;
    threshold = level;
  }
  return threshold;
}
