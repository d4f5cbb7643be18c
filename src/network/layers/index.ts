import { add } from './add.ts';
import { averagePooling } from './average-pooling.ts';
import { batchNormalization } from './batch-normalization.ts';
import { convolution } from './convolution.ts';
import type { LayerDefinition } from './definition.ts';
import { dense } from './dense.ts';
import { depthwiseConvolution } from './depthwise-convolution.ts';
import { dropout } from './dropout.ts';
import { flatten } from './flatten.ts';
import { globalAveragePooling } from './global-average-pooling.ts';
import { globalGeneralizedMeanPooling } from './global-generalized-mean-pooling.ts';
import { globalMaxPooling } from './global-max-pooling.ts';
import { maxPooling } from './max-pooling.ts';
import { relu } from './relu.ts';
import { scaleChannels } from './scale-channels.ts';
import { sigmoid } from './sigmoid.ts';
import { silu } from './silu.ts';

/** Every type of layer by its name. */
export const layerTypes: ReadonlyMap<string, LayerDefinition> = new Map(
  [
    add,
    averagePooling,
    batchNormalization,
    convolution,
    dense,
    depthwiseConvolution,
    dropout,
    flatten,
    globalAveragePooling,
    globalGeneralizedMeanPooling,
    globalMaxPooling,
    maxPooling,
    relu,
    scaleChannels,
    sigmoid,
    silu,
  ].map((definition: LayerDefinition) => [definition.type, definition]),
);
