/** Bytes of scratch the convolution kernels need; the strip length is the one of kernels/convolution.ts. */
function strip(patch: number): number {
  return Math.max(4, Math.min(64, (16384 / patch) & ~3));
}

/** @param patch kernel height x kernel width x input channels */
export function convolutionForwardScratch(patch: number): number {
  return strip(patch) * patch * 4 + 64;
}

export function convolutionBackwardScratch(patch: number, filters: number): number {
  return 2 * (strip(patch) * patch * 4 + 64) + patch * filters * 4 + 64;
}

/** Of `denseBackwardInput`: the transposed weights of 64 inputs. */
export function denseBackwardInputScratch(units: number): number {
  return units * 64 * 4 + 64;
}
