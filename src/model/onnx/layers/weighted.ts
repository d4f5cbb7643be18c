import { batchNormalization } from '../../../network/layers/batch-normalization.ts';
import { convolution } from '../../../network/layers/convolution.ts';
import { kernelWindow, type WindowedKernelOptions } from '../../../network/layers/convolution-options.ts';
import { dense } from '../../../network/layers/dense.ts';
import { depthwiseConvolution } from '../../../network/layers/depthwise-convolution.ts';
import { windowAttributes } from './window.ts';
import { type LayerContext, layerWriter } from './writer.ts';

/** Layers with parameters. */
export const weightedWriters = [
  layerWriter(convolution, (context) => writeConvolution(context, 1)),
  layerWriter(depthwiseConvolution, (context) => writeConvolution(context, context.layer.shape[2])),
  layerWriter(dense, ({ graph, layer, inputs, output, parameter }) =>
    graph.node('Gemm', [inputs[0], parameter('kernel'), ...optionalBias(layer.options, parameter)], output),
  ),
  layerWriter(batchNormalization, ({ graph, layer, inputs, output, parameter }) =>
    graph.node(
      'BatchNormalization',
      [inputs[0], ...['gamma', 'beta', 'mean', 'variance'].map(parameter)],
      output,
      { epsilon: { float: layer.options.epsilon } },
    ),
  ),
];

function writeConvolution(
  { graph, layer, inputs, output, parameter }: LayerContext<WindowedKernelOptions>,
  group: number,
): string {
  return graph.node(
    'Conv',
    [inputs[0], parameter('kernel'), ...optionalBias(layer.options, parameter)],
    output,
    { ...windowAttributes(kernelWindow(layer.options)), group },
  );
}

function optionalBias(options: { readonly bias: boolean }, parameter: (name: string) => string): string[] {
  return options.bias ? [parameter('bias')] : [];
}
