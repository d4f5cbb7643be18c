import type { Network } from '../network/network.ts';
import { residualLayers } from './residual.ts';

/**
 * The network by which a model that abstains tells platelets on cells from parasites: as the recipe `default` has it, with half to two thirds of
 * the filters. It reads what the recipe's own network reads.
 */
export function plateletNetwork({
  height,
  width,
}: {
  readonly height: number;
  readonly width: number;
}): Network {
  return { input: { height, width, channels: 3 }, layers: residualLayers([16, 32, 48]) };
}
