import type { Appearance } from './appearance.ts';

/** What is measured of cells to know how those look that a model was trained on. */
export const MEASURES = [
  'diameter',
  'fill',
  'solidity',
  'elongation',
  'straightEdge',
  'texture',
  'sharpness',
  'stained',
  'green',
  'redOverGreen',
  'blueOverGreen',
] as const satisfies readonly (keyof Appearance)[];
export type Measure = (typeof MEASURES)[number];

/** What is usual for a model: lowest and highest, both included. */
export type UsualAppearance = Readonly<Record<Measure, readonly [low: number, high: number]>>;

/** Why an image is no usual cell, in words. */
export type Unusual =
  | 'no cell'
  | 'too small'
  | 'not cut out on black'
  | 'two cells'
  | 'cut off'
  | 'another stain'
  | 'blurred'
  | 'unlike the cells it was trained on';

/** One cell in so many is beyond each end of a range, which is then widened by a share of its width for other patients' sake. */
const BEYOND = 1000;
const WIDENED = 0.15;
/** What these measure has a natural end near which cells lie: cut in half, a cell is hardly beyond it. */
const NOT_WIDENED: ReadonlySet<Measure> = new Set(['solidity', 'straightEdge', 'fill']);

/** The ranges of training cells: all but the outermost of them, and a little more. */
export function usualAppearance(cells: readonly Appearance[]): UsualAppearance {
  const range = (measure: Measure): readonly [number, number] => {
    const values = Float64Array.from(cells, (cell) => cell[measure]).sort();
    const skipped = Math.floor(values.length / BEYOND);
    const [low, high] = [values[skipped], values[values.length - 1 - skipped]];
    const more = NOT_WIDENED.has(measure) ? 0 : WIDENED * (high - low);
    // Half of the way to 0 at most: without any texture or sharpness there is no cell.
    return [low - (low > 0 ? Math.min(more, low / 2) : more), high + more];
  };
  return Object.fromEntries(MEASURES.map((measure) => [measure, range(measure)])) as UsualAppearance;
}

/** Fewer pixels across show no parasite, whatever a model was trained on. */
const SMALLEST = 12;
/** Shares of an image's bright pixels outside their largest piece: a second cell has about half, text nearly all. */
const SECOND_PIECE = 0.1;
const MANY_PIECES = 0.6;
/** Of images that are nothing but cell. */
const FILLED = 0.95;
/** Two cells that touch have a waist, or are long and larger than any one. */
const WAISTED = 0.93;
const LONG = 1.5;
/** Of two whole cells; one cell in 200 of the NIH set is so long and waisted, and larger than the middle of their sizes. */
const PAIR = { elongation: 1.75, solidity: 0.9 };
/** Of half a cell, one in 700: a straight edge nearly as long as itself. */
const HALF = { elongation: 1.6, straightEdge: 0.8 };
/** Giemsa's dyes hold back green most: of the NIH set no cell has less than -2 of both red and blue over green. */
const GREEN = -5;

/** Why an image is no usual cell for a model; null where it is. @param appearance null: the image is black */
export function unusual(appearance: Appearance | null, usual: UsualAppearance): Unusual | null {
  if (appearance === null) return 'no cell';
  const low = (measure: Measure) => appearance[measure] < usual[measure][0];
  const high = (measure: Measure) => appearance[measure] > usual[measure][1];
  const { diameter, scattered, fill, solidity, elongation, straightEdge } = appearance;
  const isLarge = diameter > (usual.diameter[0] + usual.diameter[1]) / 2;

  if (diameter < SMALLEST) return 'too small';
  if (low('texture') || scattered > MANY_PIECES) return 'no cell';
  if (scattered > SECOND_PIECE) return 'two cells';
  if (fill > FILLED && high('fill')) return 'not cut out on black';
  if (high('diameter') && elongation > LONG) return 'two cells';
  if (isLarge && elongation > PAIR.elongation && solidity < PAIR.solidity) return 'two cells';
  const isHalf = elongation > HALF.elongation && straightEdge > HALF.straightEdge;
  if (isHalf || high('straightEdge')) return 'cut off';
  if (low('solidity')) return 'two cells';
  if (high('elongation')) return solidity < WAISTED ? 'two cells' : 'cut off';
  if (low('diameter')) return 'too small';
  for (const colour of ['green', 'redOverGreen', 'blueOverGreen'] as const) {
    if (low(colour) || high(colour)) return 'another stain';
  }
  if (isGrey(appearance) && !isAlwaysGrey(usual)) return 'another stain';
  if (isGreen(appearance) && !isAlwaysGreen(usual)) return 'another stain';
  if (low('sharpness')) return 'blurred';
  const strange = high('diameter') || high('texture') || high('sharpness') || high('stained');
  return strange ? 'unlike the cells it was trained on' : null;
}

function isGrey({ redOverGreen, blueOverGreen }: Appearance): boolean {
  return redOverGreen === 0 && blueOverGreen === 0;
}

function isAlwaysGrey({ redOverGreen, blueOverGreen }: UsualAppearance): boolean {
  return [...redOverGreen, ...blueOverGreen].every((value) => value === 0);
}

function isGreen({ redOverGreen, blueOverGreen }: Appearance): boolean {
  return Math.max(redOverGreen, blueOverGreen) < GREEN;
}

function isAlwaysGreen({ redOverGreen, blueOverGreen }: UsualAppearance): boolean {
  return Math.max(redOverGreen[1], blueOverGreen[1]) < 0;
}
