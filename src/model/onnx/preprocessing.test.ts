import fc from 'fast-check';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { type Preprocessing, preprocess } from '../../recipes/preprocessing.ts';
import { createGraphBuilder, elementType } from './builder.ts';
import { ModelProto } from './onnx_pb.ts';
import { addPreprocessing } from './preprocessing.ts';

/** A session that does nothing but the preprocessing: pixels [1, H, W, 3] in, values [1, 3, height, width] out. */
async function session(preprocessing: Preprocessing): Promise<InferenceSession> {
  const graph = createGraphBuilder();
  const output = addPreprocessing(graph, 'image', preprocessing);
  const type = (elemType: number) => ({ tensorType: { elemType } });
  const model: ModelProto = {
    irVersion: 8,
    opsetImport: [{ domain: '', version: 17 }],
    graph: {
      name: 'test',
      node: graph.nodes,
      initializer: graph.initializers,
      input: [{ name: 'image', type: type(elementType.uint8) }],
      output: [{ name: output, type: type(elementType.float) }],
    },
    metadataProps: [],
  };
  return InferenceSession.create(ModelProto.encode(model).finish(), { logSeverityLevel: 3 });
}

const image = fc
  .tuple(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 200 }))
  .map(([height, width]) => ({
    height,
    width,
    // Noise, of which no two pixels near one another are alike.
    data: Uint8Array.from({ length: height * width * 3 }, (_, i) => (i * 2654435761) >>> 21),
  }));

describe('the preprocessing in ONNX Runtime', () => {
  const cases: [string, Preprocessing, number][] = [
    ['stretch', { fit: 'stretch', height: 15, width: 32, scale: 1 / 255, offset: 0 }, 0],
    [
      'keep-scale, smaller',
      { fit: 'keep-scale', height: 40, width: 33, pixelScale: 0.5, scale: 1 / 255, offset: [-0.5, -1, 0.25] },
      2e-6,
    ],
    [
      'keep-scale, larger',
      { fit: 'keep-scale', height: 31, width: 40, pixelScale: 1.7, scale: 1 / 64, offset: 0 },
      8e-6,
    ],
  ];
  it.each(cases)('%s gives the values that TypeScript gives', async (_, preprocessing, tolerance) => {
    const runtime = await session(preprocessing);
    const { height, width } = preprocessing;
    await fc.assert(
      fc.asyncProperty(image, async (image) => {
        const ours = new Float32Array(height * width * 3);
        preprocess(image, preprocessing, ours, 0);
        const input = new Tensor('uint8', image.data, [1, image.height, image.width, 3]);
        const [theirs] = Object.values(await runtime.run({ image: input }));
        expect(theirs.dims).toEqual([1, 3, height, width]);
        const values = theirs.data as Float32Array;
        let worst = 0;
        for (let i = 0; i < height * width; i++) {
          for (let c = 0; c < 3; c++) {
            worst = Math.max(worst, Math.abs(ours[i * 3 + c] - values[c * height * width + i]));
          }
        }
        expect(worst).toBeLessThanOrEqual(tolerance);
      }),
    );
  });
});
