import { relu } from '../../../network/layers/relu.ts';
import { sigmoid } from '../../../network/layers/sigmoid.ts';
import { silu } from '../../../network/layers/silu.ts';
import { layerWriter } from './writer.ts';

/** Layers that treat every value alike. */
export const activationWriters = [
  layerWriter(relu, ({ graph, inputs, output }) => graph.node('Relu', inputs, output)),
  layerWriter(sigmoid, ({ graph, inputs, output }) => graph.node('Sigmoid', inputs, output)),
  layerWriter(silu, ({ graph, inputs, output }) => {
    const gate = graph.node('Sigmoid', inputs, `${output}/gate`);
    return graph.node('Mul', [inputs[0], gate], output);
  }),
];
