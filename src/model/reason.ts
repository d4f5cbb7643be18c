import type { Unusual } from '../cells/unusual.ts';
import type { IndeterminateBand } from '../evaluation/indeterminate-band.ts';

/** Why a label is indeterminate: the image is no usual cell, or the model is not sure. */
export type Reason = Unusual | typeof PLATELET | typeof NEAR;
const PLATELET = 'perhaps a platelet';
const NEAR = 'too near to the threshold to call';
/** What the network sees and no measure of the image does. */
const UNLIKE = 'unlike the cells it was trained on' satisfies Unusual;

/** What a model that abstains knows of one image. */
export interface Doubt {
  /** What the image's measures say. */
  readonly look: Unusual | null;
  /** Above 1, the image is unlike the training cells. */
  readonly outlier: number;
  /** Above 0, what is called parasitized may be a platelet. */
  readonly platelet: number;
  readonly probability: number;
}

/** Why a cell is not called; null where it is. @param threshold from which on cells are called parasitized */
export function reasonFor(
  { look, outlier, platelet, probability }: Doubt,
  threshold: number,
  band: IndeterminateBand | null | undefined,
): Reason | null {
  // A score that is no number is not that of a training cell.
  if (look !== null || !(outlier <= 1)) return look ?? UNLIKE;
  if (probability >= threshold && !(platelet <= 0)) return PLATELET;
  return band && probability >= band.low && probability <= band.high ? NEAR : null;
}
