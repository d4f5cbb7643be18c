import { add } from '../../../network/layers/add.ts';
import { dropout } from '../../../network/layers/dropout.ts';
import { flatten } from '../../../network/layers/flatten.ts';
import { scaleChannels } from '../../../network/layers/scale-channels.ts';
import { layerWriter } from './writer.ts';

/** Layers that join values or change their shape. */
export const shapeWriters = [
  layerWriter(add, ({ graph, inputs, output }) => graph.node('Add', inputs, output)),
  layerWriter(scaleChannels, ({ graph, inputs: [features, gate], output }) => {
    const axes = graph.integers(`${output}/axes`, [2], [2, 3]);
    const perImage = graph.node('Unsqueeze', [gate, axes], `${output}/gate`);
    return graph.node('Mul', [features, perImage], output);
  }),
  // Features are [rows, columns, channels] in order, so channels go last before they are strung together.
  layerWriter(flatten, ({ graph, layer, inputs, output }) => {
    if (layer.inputShapes[0].length === 1) return inputs[0];
    const last = graph.node('Transpose', inputs, `${output}/channels-last`, { perm: [0, 2, 3, 1] });
    return graph.node('Flatten', [last], output, { axis: 1 });
  }),
  // It does something in training only.
  layerWriter(dropout, ({ inputs }) => inputs[0]),
];
