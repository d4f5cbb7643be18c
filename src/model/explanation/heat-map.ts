import { type CellMask, cellMask } from '../../cells/cell-mask.ts';
import type { CellImage } from '../../cells/image.ts';
import { forEachPoint, interpolate, type Lattice, latticeOver, localMaxima } from './lattice.ts';
import { occluded, type Point, touchesCell } from './occlusion.ts';

/** Where the evidence for parasitized is in one image. */
export interface HeatMap {
  readonly width: number;
  readonly height: number;
  /**
   * For each pixel, rows from the top: by how much the log-odds of parasitized fall (natural logarithm) when the
   * surroundings of the pixel are painted over with the cell's own colour. Negative where they rise, 0 outside the cell.
   */
  readonly evidence: Float32Array;
  /** Places of most evidence, the strongest first: at most five, none with less than half of the first. */
  readonly peaks: readonly Peak[];
}

export interface Peak {
  /** In pixels of the image, from its left and upper edge. */
  readonly x: number;
  readonly y: number;
  readonly evidence: number;
}

/** Log-odds of parasitized of images that come one by one; each is used before the next is taken. */
export type LogOdds = (images: Iterable<CellImage>) => Promise<Float32Array>;

/**
 * Diameters of the discs, and the distance of their points, as shares of the cell's width: the small ones are as large as a
 * ring form, the large ones cover what is left of a late stage when a small one lies on it.
 */
const SMALL = { diameter: 0.16, step: 0.08 };
const LARGE = { diameter: 0.32, step: 0.16 };

const MOST_PEAKS = 5;

/**
 * Occlusion (Zeiler and Fergus 2014, arXiv 1311.2901): a part of the cell is painted over, and the fall of the log-odds, the
 * weight of evidence (Robnik-Sikonja and Kononenko 2008), is what that part contributed. Painted in the cell's own
 * median colour, since the question is what would be if there were nothing but cell there: black or grey discs would be a
 * thing to see of their own. It needs nothing but predictions, so it explains any network, and has no gradients that say
 * more of edges in the image than of the network (Adebayo et al. 2018, arXiv 1810.03292). docs/explanation/heat-maps.md says
 * more, test/heat-map.test.ts checks it.
 */
export async function heatMap(image: CellImage, logOdds: LogOdds): Promise<HeatMap> {
  const { width, height } = image;
  const mask = cellMask(image);
  const { left, top, right, bottom } = mask.box;
  const evidence = new Float32Array(width * height);
  if (right === left) return { width, height, evidence, peaks: [] };

  const [whole] = await logOdds([image]);
  const across = Math.sqrt((right - left) * (bottom - top));
  const falls = async ({ step, diameter }: typeof SMALL) => {
    const lattice = latticeOver(mask.box, Math.max(1, step * across));
    const values = await fallsAt(lattice, image, mask, Math.max(2, diameter * across), logOdds, whole);
    return { lattice, values };
  };
  const large = await falls(LARGE);
  const { lattice, values } = await falls(SMALL);
  forEachPoint(lattice, (index, x, y) => {
    values[index] = (values[index] + interpolate(large.values, large.lattice, x, y)) / 2;
  });
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const i = y * width + x;
      if (mask.inside[i] === 1) evidence[i] = interpolate(values, lattice, x + 0.5, y + 0.5);
    }
  }
  return { width, height, evidence, peaks: findPeaks(values, lattice, image, mask) };
}

/** For each point, by how much the log-odds fall with a disc about it. */
async function fallsAt(
  lattice: Lattice,
  image: CellImage,
  mask: CellMask,
  diameter: number,
  logOdds: LogOdds,
  whole: number,
): Promise<Float64Array> {
  const indices: number[] = [];
  const points: Point[] = [];
  forEachPoint(lattice, (index, x, y) => {
    if (!touchesCell(image, mask, [x, y], diameter)) return;
    indices.push(index);
    points.push([x, y]);
  });
  const without = await logOdds(occluded(image, mask, points, diameter));
  const values = new Float64Array(lattice.columns * lattice.rows);
  for (const [k, index] of indices.entries()) values[index] = whole - without[k];
  return values;
}

function findPeaks(values: Float64Array, lattice: Lattice, image: CellImage, { inside }: CellMask): Peak[] {
  const peaks: Peak[] = [];
  const ofCell = new Float64Array(values.length);
  const places: Point[] = [];
  forEachPoint(lattice, (index, x, y) => {
    const within = x >= 0 && y >= 0 && x < image.width && y < image.height;
    if (within && inside[Math.floor(y) * image.width + Math.floor(x)] === 1) ofCell[index] = values[index];
    places.push([x, y]);
  });
  for (const index of localMaxima(ofCell, lattice)) {
    const [x, y] = places[index];
    if (ofCell[index] > 0) peaks.push({ x, y, evidence: ofCell[index] });
  }
  peaks.sort((a, b) => b.evidence - a.evidence);
  return peaks.filter(({ evidence }) => evidence >= peaks[0].evidence / 2).slice(0, MOST_PEAKS);
}
