import type { LayerSpec } from '../network/network.ts';
import type { Recipe } from './recipe.ts';

/**
 * The starting project's notebook, exactly (TensorFlow 2.2): images stretched to 150x150 by nearest neighbour, two
 * convolutions with large pooling, six dense layers with batch normalisation and dropout, Adam as Keras has it.
 * 674,273 trainable and 1,792 other parameters.
 *
 * One thing differs: the notebook scored its last epoch; this keeps the epoch with the highest validation ROC AUC.
 */
export const seed: Recipe = {
  name: 'seed',
  network: {
    input: { height: 150, width: 150, channels: 3 },
    layers: [
      { type: 'convolution', filters: 64, kernel: 3, padding: 'valid', initialiser: 'glorot-uniform' },
      { type: 'relu' },
      { type: 'max-pooling', size: 4 },
      { type: 'convolution', filters: 32, kernel: 3, padding: 'valid', initialiser: 'glorot-uniform' },
      { type: 'relu' },
      { type: 'max-pooling', size: 4 },
      { type: 'flatten' },
      ...[256, 256, 128, 128, 64, 64].flatMap(denseBlock),
      { type: 'dense', units: 1, initialiser: 'glorot-uniform' },
    ],
  },
  preprocessing: { fit: 'stretch', height: 150, width: 150, scale: 1 / 255, offset: 0 },
  augmentation: {},
  training: {
    epochs: 100,
    batch: 32,
    optimiser: { type: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-7, convention: 'keras' },
    schedule: { type: 'constant', rate: 1e-3 },
    earlyStopping: { metric: 'loss', patience: 3 },
    keep: { metric: 'rocAuc' },
  },
};

function denseBlock(units: number): LayerSpec[] {
  return [
    { type: 'dense', units, l2: 1e-5, initialiser: 'glorot-uniform' },
    { type: 'relu' },
    { type: 'batch-normalization', momentum: 0.95, epsilon: 0.005, beta: { deviation: 0.05 }, gamma: 0.9 },
    { type: 'dropout', rate: 0.3 },
  ];
}
