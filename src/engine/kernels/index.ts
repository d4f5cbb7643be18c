export { sumPartials } from './simd';
export { convolutionForward, convolutionBackward } from './convolution';
export { depthwiseForward, depthwiseBackward } from './depthwise';
export { denseForward, denseBackwardInput, denseBackwardWeights } from './dense';
export { exp, log, cos } from './math';
export {
  reluForward, reluBackward, siluForward, siluBackward, sigmoidForward, sigmoidBackward, addForward, copyValues,
  scaleChannelsForward, scaleChannelsBackward,
} from './elementwise';
export * from './normalization';
export * from './pooling';
export * from './dropout';
export * from './loss';
export * from './optimiser';
export { winogradWeights, winogradWeightGradient } from './winograd-transforms';
export { winogradForward, winogradBackward } from './winograd';
export { convolutionPoolForward, convolutionPoolBackward, convolutionPoolGradient } from './convolution-pool';
