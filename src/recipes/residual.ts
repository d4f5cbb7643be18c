import type { LayerSpec } from '../network/network.ts';

/**
 * The layers of a small residual network (He et al. 2015, arXiv 1512.03385) that ends in one logit: a stem that strides, three stages
 * of one, one and two blocks, of which the second and third stride, and a generalized mean, which weighs a small dark body more than the
 * mean does.
 *
 * @param filters of the stem and the first stage, of the second and of the third
 */
export function residualLayers([first, second, third]: readonly [number, number, number]): LayerSpec[] {
  return [
    ...convolution('stem', 'input', { filters: first, stride: 2 }),
    { type: 'relu', name: 'stem' },
    ...stage('stage-1', 'stem', { filters: first, stride: 1, blocks: 1 }),
    ...stage('stage-2', 'stage-1-block-1', { filters: second, stride: 2, blocks: 1 }),
    ...stage('stage-3', 'stage-2-block-1', { filters: third, stride: 2, blocks: 2 }),
    { type: 'global-generalized-mean-pooling' },
    { type: 'dense', units: 1 },
  ];
}

interface Stage {
  readonly filters: number;
  readonly stride: number;
  readonly blocks: number;
}

/** Blocks one after another; only the first strides and widens. */
function stage(name: string, from: string, { filters, stride, blocks }: Stage): LayerSpec[] {
  return Array.from({ length: blocks }, (_, i) =>
    i === 0
      ? block(`${name}-block-1`, from, filters, stride)
      : block(`${name}-block-${i + 1}`, `${name}-block-${i}`, filters, 1),
  ).flat();
}

/** ReLU(f(x) + shortcut(x)); the shortcut is x itself, or a 1x1 convolution where the block strides. */
function block(name: string, from: string, filters: number, stride: number): LayerSpec[] {
  const strides = stride !== 1;
  return [
    ...convolution(`${name}-a`, from, { filters, stride }),
    { type: 'relu', name: `${name}-a` },
    ...convolution(`${name}-b`, `${name}-a`, { filters }),
    ...(strides ? convolution(`${name}-shortcut`, from, { filters, stride, kernel: 1 }) : []),
    { type: 'add', from: [`${name}-b-normalization`, strides ? `${name}-shortcut-normalization` : from] },
    { type: 'relu', name },
  ];
}

/** A convolution (no bias: the normalisation has one) and its batch normalisation. */
function convolution(
  name: string,
  from: string,
  { filters, kernel = 3, stride = 1 }: { filters: number; kernel?: number; stride?: number },
): LayerSpec[] {
  return [
    { type: 'convolution', name: `${name}-convolution`, from, filters, kernel, stride, bias: false },
    { type: 'batch-normalization', name: `${name}-normalization` },
  ];
}
