import { isLayer, type LayerDefinition, type LayerNode } from '../../../network/layers/definition.ts';
import type { GraphBuilder } from '../builder.ts';

/** What the ONNX form of a layer is made from. */
export interface LayerContext<Options extends object = object> {
  readonly graph: GraphBuilder;
  readonly layer: LayerNode<Options>;
  /** Names of the values it reads: images are [N, channels, rows, columns], features [N, features]. */
  readonly inputs: readonly string[];
  /** Name of the value it gives. */
  readonly output: string;
  /** Adds a parameter of the layer as a constant and returns its name. */
  parameter(name: string): string;
}

/** Adds the nodes of a layer and returns the name of its value: `output`, or an input where there is nothing to do. */
export type WriteLayer<Options extends object> = (context: LayerContext<Options>) => string;

export interface LayerWriter {
  readonly type: string;
  write(context: LayerContext): string;
}

/** The ONNX form of the layers of one type. */
export function layerWriter<Options extends object>(
  definition: LayerDefinition<Options>,
  write: WriteLayer<Options>,
): LayerWriter {
  return {
    type: definition.type,
    write(context) {
      const { layer } = context;
      if (!isLayer(layer, definition)) throw new TypeError(`${layer.name} is no ${definition.type}`);
      return write({ ...context, layer });
    },
  };
}
