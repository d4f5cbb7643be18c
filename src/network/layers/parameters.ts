import type { Initialiser, ParameterDefinition } from './definition.ts';

/** Weights that multiply inputs: weight decay and the L2 penalty apply. */
export function kernelParameter(
  shape: readonly number[],
  initialiser: Initialiser,
  l2: number,
): ParameterDefinition {
  return { name: 'kernel', shape, initialiser, trainable: true, decay: true, l2 };
}

/** One value a channel: no weight decay. */
export function channelParameter(
  name: string,
  channels: number,
  initialiser: Initialiser,
  trainable = true,
): ParameterDefinition {
  return { name, shape: [channels], initialiser, trainable, decay: false, l2: 0 };
}

export const ZEROS: Initialiser = { type: 'constant', value: 0 };
export const ONES: Initialiser = { type: 'constant', value: 1 };
