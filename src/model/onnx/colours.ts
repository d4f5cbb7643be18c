import type { Preprocessing } from '../../recipes/preprocessing.ts';
import {
  BLACK,
  type ColourRegression,
  colourShapes,
  HIGH,
  LEAST_PIXELS,
  LOW,
  MOST_DEVIATIONS,
} from '../colours.ts';
import { type AttributeValue, constantsOf, type GraphBuilder } from './builder.ts';

/** Name of a part of the regression; no layer's parameter begins with a slash. */
export function coloursKey(part: keyof ColourRegression): string {
  return `/colours/${part}`;
}

/** Above every value of a pixel: what is not cell is sorted behind. */
const BEHIND = 1e9;

/**
 * Adds what `colourStatistics` and `colourLogOdds` compute.
 *
 * @param pixels name of the float32 value [N, 3, height, width]
 * @returns name of the log-odds [N, 1], 0 where too little of a cell is there
 */
export function addColours(
  graph: GraphBuilder,
  regression: ColourRegression,
  pixels: string,
  preprocessing: Preprocessing,
): string {
  const tools = toolsOf(graph);
  const { add, scalar, integers } = tools;
  const constant = constantsOf(graph, regression, colourShapes, coloursKey);
  const cell = addCell(tools, pixels, preprocessing);
  const statistics = addStatistics(tools, cell, preprocessing);
  const centred = add('Sub', [statistics, constant('mean')], 'centred');
  const unlimited = add('Div', [centred, constant('deviation')], 'unlimited');
  const limits = [scalar('least', -MOST_DEVIATIONS), scalar('most', MOST_DEVIATIONS)];
  const z = add('Clip', [unlimited, ...limits], 'standardized');
  const transposed = add('Transpose', [constant('products')], 'transposed', { perm: [1, 0] });
  const byOthers = add('MatMul', [z, transposed], 'by-others');
  const terms = add('Mul', [z, add('Add', [byOthers, constant('linear')], 'weights')], 'terms');
  const sum = add('ReduceSum', [terms, integers('terms-axis', [1])], 'sum', { keepdims: 1 });
  const logOdds = add('Add', [sum, constant('bias')], 'of-any');
  const area = add('Reshape', [cell.area, integers('area-shape', [-1, 1])], 'area-of-each');
  const enough = add('Greater', [area, scalar('too-few', LEAST_PIXELS - 0.5)], 'enough');
  return add('Where', [enough, logOdds, scalar('nothing', 0)], 'log-odds');
}

interface Cell {
  /** Its pixels but for the image's outermost ones, [N, 3, pixels]; which of them are inner, as 0 or 1 and as truth, [N, 1, pixels]. */
  readonly values: string;
  readonly inner: string;
  readonly isInner: string;
  /** How many are, [N, 1, 1]. */
  readonly area: string;
}

function addCell(
  { add, scalar, integers }: Tools,
  pixels: string,
  { height, width, scale }: Preprocessing,
): Cell {
  const count = (height - 2) * (width - 2);
  const flat = (name: string, channels: number, value: string) =>
    add('Reshape', [value, integers(`${name}-shape`, [-1, channels, count])], name);
  const light = add('ReduceSum', [pixels, integers('channel-axis', [1])], 'light', { keepdims: 1 });
  const isCell = add('Greater', [light, scalar('black', Math.fround(BLACK * scale))], 'is-cell');
  const black = add('Cast', [add('Not', [isCell], 'is-black')], 'black-pixels', { to: 1 });
  // Without padding: what has not all its neighbours in the image is left out.
  const blackNear = add('MaxPool', [black], 'black-near', { kernel_shape: [3, 3] });
  const isInner = add('Less', [flat('near', 1, blackNear), scalar('half', 0.5)], 'is-inner');
  const inner = add('Cast', [isInner], 'inner', { to: 1 });
  const bounds = [
    integers('crop-from', [1, 1]),
    integers('crop-to', [height - 1, width - 1]),
    integers('crop-axes', [2, 3]),
  ];
  return {
    values: flat('values', 3, add('Slice', [pixels, ...bounds], 'cropped')),
    inner,
    isInner,
    area: add('ReduceSum', [inner, integers('pixel-axis', [2])], 'area', { keepdims: 1 }),
  };
}

/** @returns name of the statistics [N, statistics] */
function addStatistics(tools: Tools, cell: Cell, { height, width, scale }: Preprocessing): string {
  const { add, scalar, integers } = tools;
  const { values, inner, area } = cell;
  const pixelAxis = integers('all-axis', [2]);
  const some = add('Max', [area, scalar('one-pixel', 1)], 'some');
  const meanOf = (name: string, value: string) => {
    const own = add('Mul', [value, inner], `${name}-own`);
    const sum = add('ReduceSum', [own, pixelAxis], `${name}-sum`, { keepdims: 1 });
    return add('Div', [sum, some], name);
  };
  const share = add('Div', [area, scalar('image', height * width)], 'share');

  const quantiles = addQuantiles(tools, cell, 'colour', 3, values, [...LOW, 0.5]);
  const column = (name: string, i: number) =>
    add('Gather', [quantiles, integers(`${name}-place`, [i])], name, { axis: 2 });
  const medians = add('Max', [column('middle', LOW.length), scalar('one-level', scale)], 'medians');
  const fromMean = add('Sub', [values, meanOf('means', values)], 'from-mean');
  const variance = meanOf('variances', add('Mul', [fromMean, fromMean], 'squares'));
  const deviations = add('Div', [add('Sqrt', [variance], 'spread'), medians], 'deviations');
  const low = LOW.map((_, i) => add('Div', [column(`low-${i}`, i), medians], `low-${i}-relative`));

  const relative = add('Div', [values, medians], 'relative');
  const channel = (name: string, i: number) =>
    add('Gather', [relative, integers(`${name}-channel`, [i])], name, { axis: 1 });
  const blueOverGreen = add('Sub', [channel('b', 2), channel('g', 1)], 'b-over-g');
  const high = addQuantiles(tools, cell, 'b-over-g', 1, blueOverGreen, HIGH);
  const asColumn = add('Transpose', [high], 'high', { perm: [0, 2, 1] });

  const all = add('Concat', [share, medians, deviations, ...low, asColumn], 'stacked', { axis: 1 });
  return add('Squeeze', [all, integers('stacked-axis', [2])], 'statistics');
}

/**
 * Quantiles of the inner pixels, interpolated.
 * @param value name of a value [N, channels, pixels]
 * @returns name of the value [N, channels, shares]
 */
function addQuantiles(
  { graph, add, scalar, floats }: Tools,
  { isInner, area }: Cell,
  name: string,
  channels: number,
  value: string,
  shares: readonly number[],
): string {
  const ahead = add('Where', [isInner, value, scalar(`${name}/behind`, BEHIND)], `${name}/ahead`);
  const size = add('Shape', [ahead], `${name}/shape`, { start: 2 });
  const sorted = graph.node(
    'TopK',
    [ahead, size],
    `/colours/${name}/sorted`,
    { axis: 2, largest: 0, sorted: 1 },
    [`/colours/${name}/order`],
  );
  const one = scalar(`${name}/one`, 1);
  const last = add(
    'Max',
    [add('Sub', [area, one], `${name}/last`), scalar(`${name}/first`, 0)],
    `${name}/end`,
  );
  const each = floats(
    `${name}/shares`,
    [1, channels, shares.length],
    new Array(channels).fill(shares).flat(),
  );
  const place = add('Mul', [last, each], `${name}/place`);
  const below = add('Floor', [place], `${name}/below`);
  const above = add('Min', [add('Add', [below, one], `${name}/next`), last], `${name}/above`);
  const at = (places: string, key: string) =>
    add('GatherElements', [sorted, add('Cast', [places], `${key}/index`, { to: 7 })], key, { axis: 2 });
  const [low, high] = [at(below, `${name}/low`), at(above, `${name}/high`)];
  const gap = add('Sub', [high, low], `${name}/gap`);
  const rise = add('Mul', [add('Sub', [place, below], `${name}/part`), gap], `${name}/rise`);
  return add('Add', [low, rise], `${name}/quantiles`);
}

type Tools = ReturnType<typeof toolsOf>;

/** The builder's, under names of their own. */
function toolsOf(graph: GraphBuilder) {
  return {
    graph,
    add: (
      operator: string,
      inputs: readonly string[],
      name: string,
      attributes?: Readonly<Record<string, AttributeValue>>,
    ) => graph.node(operator, inputs, `/colours/${name}`, attributes),
    scalar: (name: string, value: number) => graph.floats(`/colours/${name}`, [], [value]),
    floats: (name: string, shape: readonly number[], values: readonly number[]) =>
      graph.floats(`/colours/${name}`, shape, values),
    integers: (name: string, values: readonly number[]) =>
      graph.integers(`/colours/${name}`, [values.length], values),
  };
}
