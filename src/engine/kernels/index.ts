export { sumPartials } from './simd';
export { convolutionForward, convolutionBackward } from './convolution';
export { depthwiseForward, depthwiseBackward } from './depthwise';
export { denseForward, denseBackwardInput, denseBackwardWeights } from './dense';
export { exp, log, cos } from './math';
export {
  reluForward, reluBackward, siluForward, siluBackward, sigmoidForward, sigmoidBackward, addForward, copyValues,
  scaleChannelsForward, scaleChannelsBackward,
} from './elementwise';
export * from './normalization-statistics';
export * from './normalization-forward';
export * from './normalization-backward';
export * from './pooling';
export * from './generalized-mean-pooling';
export * from './dropout';
export * from './loss';
export * from './optimiser';
export { winogradWeights, winogradWeightGradient } from './winograd-weights';
export { winogradForward } from './winograd-forward';
export { winogradBackward } from './winograd-backward';
export { convolutionPoolForward } from './convolution-pool-forward';
export { convolutionPoolBackward, convolutionPoolGradient } from './convolution-pool-backward';
