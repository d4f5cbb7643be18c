import type { KeepScaleFit, Preprocessing } from '../../recipes/preprocessing.ts';
import type { GraphBuilder } from './builder.ts';

/**
 * Adds the preprocessing of `src/recipes/preprocessing.ts`: the same formulas, float32 where they are float32 there.
 *
 * @param image name of the uint8 value [N, height, width, 3]
 * @returns name of the float32 value [N, 3, height, width]
 */
export function addPreprocessing(graph: GraphBuilder, image: string, preprocessing: Preprocessing): string {
  const { height, width, scale, offset } = preprocessing;
  const fitted =
    preprocessing.fit === 'stretch'
      ? addStretch(graph, image, height, width)
      : addKeepScale(graph, image, preprocessing);
  const factor = graph.floats('/preprocessing/scale', [], [scale]);
  const scaled = graph.node('Mul', [fitted, factor], '/preprocessing/scaled');
  if (offset === 0) return scaled;
  return graph.node(
    'Add',
    [scaled, graph.floats('/preprocessing/offset', [1, 3, 1, 1], offset)],
    '/preprocessing/output',
  );
}

function addStretch(graph: GraphBuilder, image: string, height: number, width: number): string {
  const rows = graph.node(
    'Gather',
    [image, addNearestIndices(graph, 'rows', addSize(graph, image, 'height', 1), height)],
    '/preprocessing/rows',
    { axis: 1 },
  );
  const pixels = graph.node(
    'Gather',
    [rows, addNearestIndices(graph, 'columns', addSize(graph, image, 'width', 2), width)],
    '/preprocessing/pixels',
    { axis: 2 },
  );
  return addChannelsFirst(graph, pixels);
}

/** Size of one axis of the image: an int64 scalar. */
function addSize(graph: GraphBuilder, image: string, name: string, axis: number): string {
  const shape = graph.node('Shape', [image], `/preprocessing/${name}/shape`);
  const index = graph.integers(`/preprocessing/${name}/axis`, [], [axis]);
  return graph.node('Gather', [shape, index], `/preprocessing/${name}`, { axis: 0 });
}

/** floor((2 i + 1) * from / (2 * to)) for i = 0 ... to - 1, in int64. */
function addNearestIndices(graph: GraphBuilder, name: string, from: string, to: number): string {
  const odd = graph.integers(
    `/preprocessing/${name}/odd`,
    [to],
    Array.from({ length: to }, (_, i) => 2 * i + 1),
  );
  const product = graph.node('Mul', [odd, from], `/preprocessing/${name}/product`);
  const twice = graph.integers(`/preprocessing/${name}/twice`, [], [2 * to]);
  return graph.node('Div', [product, twice], `/preprocessing/${name}/indices`);
}

/** uint8 [N, height, width, 3] to float32 [N, 3, height, width]. */
function addChannelsFirst(graph: GraphBuilder, pixels: string): string {
  const first = graph.node('Transpose', [pixels], '/preprocessing/channels-first', { perm: [0, 3, 1, 2] });
  return graph.node('Cast', [first], '/preprocessing/float', { to: 1 });
}

/** Rows and columns are interpolated by two matrix products: [to, from] x pixels x [from, to]. */
function addKeepScale(graph: GraphBuilder, image: string, preprocessing: KeepScaleFit): string {
  const { height, width, pixelScale } = preprocessing;
  const sourceHeight = addFloatSize(graph, image, 'height', 1);
  const sourceWidth = addFloatSize(graph, image, 'width', 2);
  const fitting = [
    graph.floats('/preprocessing/pixel-scale', [], [pixelScale]),
    graph.node(
      'Div',
      [graph.floats('/preprocessing/rows/to', [], [height]), sourceHeight],
      '/preprocessing/fit-height',
    ),
    graph.node(
      'Div',
      [graph.floats('/preprocessing/columns/to', [], [width]), sourceWidth],
      '/preprocessing/fit-width',
    ),
  ];
  const scale = graph.node('Min', fitting, '/preprocessing/fitted-scale');
  const constants = addKernelConstants(graph, scale);
  const rows = addInterpolation(graph, 'rows', sourceHeight, height, scale, constants);
  const columns = addInterpolation(graph, 'columns', sourceWidth, width, scale, constants);
  const pixels = addChannelsFirst(graph, image);
  const blended = graph.node('MatMul', [rows, pixels], '/preprocessing/blended-rows');
  const transposed = graph.node('Transpose', [columns], '/preprocessing/columns/transposed', {
    perm: [1, 0],
  });
  return graph.node('MatMul', [blended, transposed], '/preprocessing/fitted');
}

function addFloatSize(graph: GraphBuilder, image: string, name: string, axis: number): string {
  return graph.node('Cast', [addSize(graph, image, name, axis)], `/preprocessing/${name}/float`, { to: 1 });
}

interface KernelConstants {
  readonly zero: string;
  readonly half: string;
  readonly one: string;
  readonly two: string;
  /** Half-width of the triangle, in source pixels. */
  readonly radius: string;
  /** Integers -ceil(radius) - 1 ... ceil(radius) + 1: source pixels about the nearest that the triangle can reach. */
  readonly reached: string;
  readonly lastAxis: string;
}

function addKernelConstants(graph: GraphBuilder, scale: string): KernelConstants {
  const scalar = (name: string, value: number) => graph.floats(`/preprocessing/${name}`, [], [value]);
  const [zero, half, one, two] = [scalar('zero', 0), scalar('half', 0.5), scalar('one', 1), scalar('two', 2)];
  const inverse = graph.node('Div', [one, scale], '/preprocessing/inverse-scale');
  const radius = graph.node('Max', [one, inverse], '/preprocessing/radius');
  const whole = graph.node('Ceil', [radius], '/preprocessing/whole-radius');
  const last = graph.node('Add', [whole, one], '/preprocessing/reach');
  const first = graph.node('Neg', [last], '/preprocessing/negative-reach');
  const end = graph.node('Add', [last, one], '/preprocessing/reach-end');
  const reached = graph.node('Range', [first, end, one], '/preprocessing/reached');
  return {
    zero,
    half,
    one,
    two,
    radius,
    reached,
    lastAxis: graph.integers('/preprocessing/last-axis', [1], [-1]),
  };
}

/** The matrix [to, from] of `triangleTaps(from, to, scale)`. */
function addInterpolation(
  graph: GraphBuilder,
  name: string,
  from: string,
  to: number,
  scale: string,
  constants: KernelConstants,
): string {
  const { zero, half, one, two, reached, lastAxis } = constants;
  const add = (operator: string, inputs: readonly string[], output: string, attributes = {}) =>
    graph.node(operator, inputs, `/preprocessing/${name}/${output}`, attributes);
  const fromMiddle = graph.floats(
    `/preprocessing/${name}/from-middle`,
    [to, 1],
    Array.from({ length: to }, (_, i) => i + 0.5 - to / 2),
  );
  const sourceMiddle = add('Div', [from, two], 'source-middle');
  const centre = add('Add', [add('Div', [fromMiddle, scale], 'distance'), sourceMiddle], 'centre');

  const whole = add('Add', [add('Floor', [centre], 'nearest'), reached], 'whole-pixels');
  const full = addTriangle(
    graph,
    `/preprocessing/${name}/whole`,
    centre,
    add('Add', [whole, half], 'whole-centres'),
    constants,
  );
  const sum = add('ReduceSum', [full, lastAxis], 'sum', { keepdims: 1 });

  const inside = add('Add', [add('Range', [zero, from, one], 'pixels'), half], 'pixel-centres');
  const weights = addTriangle(graph, `/preprocessing/${name}/inside`, centre, inside, constants);
  return add('Div', [weights, sum], 'matrix');
}

/** max(0, 1 - |centre - pixel| / radius) */
function addTriangle(
  graph: GraphBuilder,
  name: string,
  centre: string,
  pixels: string,
  { one, radius }: KernelConstants,
): string {
  const away = graph.node('Sub', [centre, pixels], `${name}/offset`);
  const distance = graph.node('Abs', [away], `${name}/distance`);
  const share = graph.node('Div', [distance, radius], `${name}/share`);
  return graph.node('Relu', [graph.node('Sub', [one, share], `${name}/falling`)], `${name}/triangle`);
}
