import { averagePooling } from '../../../network/layers/average-pooling.ts';
import { globalAveragePooling } from '../../../network/layers/global-average-pooling.ts';
import {
  GENERALIZED_MEAN_FLOOR,
  globalGeneralizedMeanPooling,
} from '../../../network/layers/global-generalized-mean-pooling.ts';
import { globalMaxPooling } from '../../../network/layers/global-max-pooling.ts';
import { maxPooling } from '../../../network/layers/max-pooling.ts';
import { type PoolingOptions, poolingWindow } from '../../../network/layers/pooling.ts';
import { windowAttributes } from './window.ts';
import { layerWriter, type WriteLayer } from './writer.ts';

export const poolingWriters = [
  layerWriter(maxPooling, windowed('MaxPool')),
  // ONNX leaves positions outside the image out of the mean too (count_include_pad = 0).
  layerWriter(averagePooling, windowed('AveragePool')),
  layerWriter(globalAveragePooling, global('GlobalAveragePool')),
  layerWriter(globalMaxPooling, global('GlobalMaxPool')),
  layerWriter(globalGeneralizedMeanPooling, ({ graph, inputs, output }) => {
    const rectified = graph.node('Relu', inputs, `${output}/rectified`);
    const squared = graph.node('Mul', [rectified, rectified], `${output}/squared`);
    const cubed = graph.node('Mul', [squared, rectified], `${output}/cubed`);
    const pooled = graph.node('GlobalAveragePool', [cubed], `${output}/pooled`);
    const features = graph.node('Flatten', [pooled], `${output}/features`, { axis: 1 });
    const floor = graph.floats(`${output}/floor`, [1], [GENERALIZED_MEAN_FLOOR]);
    const raised = graph.node('Add', [features, floor], `${output}/raised`);
    return graph.node('Pow', [raised, graph.floats(`${output}/third`, [1], [1 / 3])], output);
  }),
];

function windowed(operator: string): WriteLayer<PoolingOptions> {
  return ({ graph, layer, inputs, output }) =>
    graph.node(operator, inputs, output, windowAttributes(poolingWindow(layer.options)));
}

/** ONNX keeps [N, channels, 1, 1]. */
function global(operator: string): WriteLayer<object> {
  return ({ graph, inputs, output }) => {
    const pooled = graph.node(operator, inputs, `${output}/pooled`);
    return graph.node('Flatten', [pooled], output, { axis: 1 });
  };
}
