import { activationWriters } from './activations.ts';
import { poolingWriters } from './pooling.ts';
import { shapeWriters } from './shapes.ts';
import { weightedWriters } from './weighted.ts';
import type { LayerWriter } from './writer.ts';

/** The ONNX form of every type of layer. */
export const layerWriters: ReadonlyMap<string, LayerWriter> = new Map(
  [...weightedWriters, ...activationWriters, ...poolingWriters, ...shapeWriters].map((writer) => [
    writer.type,
    writer,
  ]),
);
