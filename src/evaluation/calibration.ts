export interface Calibration {
  /** 1 is right; below 1 the probabilities are too near to 0 and 1. */
  readonly slope: number;
  /** 0 is right, at a slope of 1; above 0 the probabilities are too low. */
  readonly intercept: number;
  /** Expected calibration error over 15 bins of equally many cells, where that of equal widths has most cells in two of its bins. */
  readonly eceEqualMass: number;
}

const BINS = 15;

/** Probabilities of 0 and 1 have no logit: they count as this near to them (float32 cannot tell them apart closer to 1). */
const NEAREST = 2 ** -24;

/**
 * Slope and intercept of calibration (Cox 1958): the logistic regression of the label on the logit of the probability, by
 * Newton's method. Null with one label only, one score only, or where a threshold separates the labels, which no finite
 * slope fits.
 *
 * @param probabilities of parasitized, from 0 to 1
 * @param labels 1 parasitized, 0 uninfected
 */
export function calibration(probabilities: ArrayLike<number>, labels: ArrayLike<number>): Calibration | null {
  const logits = Float64Array.from(probabilities, (probability) => {
    const p = Math.min(1 - NEAREST, Math.max(NEAREST, probability));
    return Math.log(p / (1 - p));
  });
  if (!overlap(logits, labels)) return null;
  let [slope, intercept] = [0, 0];
  let best = logLikelihood(slope, intercept, logits, labels);
  for (let step = 0; step < 100; step++) {
    let [g0, g1, h00, h01, h11] = [0, 0, 0, 0, 0];
    for (let i = 0; i < logits.length; i++) {
      const x = logits[i];
      const p = 1 / (1 + Math.exp(-intercept - slope * x));
      const weight = p * (1 - p);
      g0 += labels[i] - p;
      g1 += (labels[i] - p) * x;
      h00 += weight;
      h01 += weight * x;
      h11 += weight * x * x;
    }
    const determinant = h00 * h11 - h01 * h01;
    if (!(determinant > 0)) return null;
    const di = (h11 * g0 - h01 * g1) / determinant;
    const ds = (h00 * g1 - h01 * g0) / determinant;
    // A whole step may overshoot far from the answer: halve it until the likelihood does not fall.
    let size = 1;
    let next = logLikelihood(slope + ds, intercept + di, logits, labels);
    while (!(next >= best - 1e-9 * Math.abs(best)) && size > 1e-6) {
      size /= 2;
      next = logLikelihood(slope + size * ds, intercept + size * di, logits, labels);
    }
    slope += size * ds;
    intercept += size * di;
    best = next;
    if (Math.abs(ds) + Math.abs(di) < 1e-12 * (1 + Math.abs(slope) + Math.abs(intercept))) break;
  }
  return { slope, intercept, eceEqualMass: equalMassError(probabilities, labels) };
}

/**
 * Mean over the cells of |mean probability - share of parasitized| of their bin; bins by rank (Nguyen and O'Connor 2015, arXiv
 * 1508.05154). Cells of one probability stay together, so that the order of the cells changes nothing.
 */
export function equalMassError(probabilities: ArrayLike<number>, labels: ArrayLike<number>): number {
  const ranked = [...Array(labels.length).keys()].sort((a, b) => probabilities[a] - probabilities[b]);
  const excess = new Float64Array(BINS);
  let bin = 0;
  for (const [rank, cell] of ranked.entries()) {
    if (rank === 0 || probabilities[cell] !== probabilities[ranked[rank - 1]]) {
      bin = Math.floor((rank * BINS) / ranked.length);
    }
    excess[bin] += probabilities[cell] - labels[cell];
  }
  return excess.reduce((sum, value) => sum + Math.abs(value), 0) / ranked.length;
}

function logLikelihood(
  slope: number,
  intercept: number,
  logits: ArrayLike<number>,
  labels: ArrayLike<number>,
): number {
  let sum = 0;
  for (let i = 0; i < logits.length; i++) {
    const z = intercept + slope * logits[i];
    // log of 1 / (1 + exp(-z)) or of its complement, without overflow
    const towards = labels[i] === 1 ? -z : z;
    sum -= Math.max(towards, 0) + Math.log(1 + Math.exp(-Math.abs(towards)));
  }
  return sum;
}

/** Whether scores of the two labels overlap by more than one value, so that the likelihood has a maximum. */
function overlap(logits: ArrayLike<number>, labels: ArrayLike<number>): boolean {
  const ranges = [0, 1].map((label) => {
    const own = Array.from(logits).filter((_, i) => labels[i] === label);
    return {
      low: own.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
      high: own.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY),
    };
  });
  const [negative, positive] = ranges;
  return negative.high > positive.low && positive.high > negative.low;
}
