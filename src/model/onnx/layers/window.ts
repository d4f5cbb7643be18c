import type { Window } from '../../../network/layers/shapes.ts';
import type { AttributeValue } from '../builder.ts';

/** The attributes that ONNX's Conv, MaxPool and AveragePool share. */
export function windowAttributes({ size, stride, before, total }: Window): Record<string, AttributeValue> {
  const after = [total[0] - before[0], total[1] - before[1]];
  return { kernel_shape: size, strides: stride, pads: [...before, ...after] };
}
