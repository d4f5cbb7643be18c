export { sumPartials } from './simd';
export { convolutionForward, convolutionBackward } from './convolution';
export { depthwiseForward, depthwiseBackward } from './depthwise';
export { denseForward, denseBackwardInput, denseBackwardWeights } from './dense';
export { exp, log, cos } from './math';
