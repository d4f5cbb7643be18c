// Cells of whole fields, cut out as the NIH cells are: masked, at their scale.
import { readFileSync } from 'node:fs';
import { cellMask } from '../../dist/cells/cell-mask.js';
import { medianColour } from '../../dist/cells/colour.js';
import { decodeImage } from '../../dist/cells/decode.js';
import { cutCell } from '../../dist/cells/field/cut.js';
import { diameterOf, touchesEdge } from '../../dist/cells/field/regions.js';
import { segmentCells } from '../../dist/cells/field/segment.js';

/** A region this many times as wide as the field's median cell, or less than its inverse, is no single whole cell. */
const SIZES = 1.8;

/** Lower median; undefined where there is nothing. */
export function median(values) {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length / 2) - 1];
}

/** Diameter (of the circle of the cell's area) and colour of the median cell of some images of cells. */
export function medianCell(images) {
  const masks = images.map(cellMask);
  const areas = masks.map(({ inside }) => inside.reduce((sum, value) => sum + value, 0));
  return { diameter: median(areas.map(diameterOf)), colour: medianColour(masks.map(({ colour }) => colour)) };
}

/**
 * The cells of one field that can be used, and why the others cannot.
 *
 * @param reference diameter and colour of the median training cell
 * @returns the field, its median diameter, scale and median colour; cells with `image` (raw) and `relative`, their diameter over the
 *   median, or `leftOut`, in the order of the annotations
 */
export async function cutField({ path, cells }, reference) {
  const image = await decodeImage(readFileSync(path));
  const regions = segmentCells(
    image,
    cells.map(({ seed }) => seed),
  );
  const found = cells.map((cell, i) => {
    const region = regions[i];
    const leftOut = cell.leftOut ?? (!region ? 'not found' : touchesEdge(region, image) ? 'edge' : undefined);
    return { ...cell, region, leftOut };
  });
  const diameter = median(
    found.filter(({ leftOut }) => !leftOut).map(({ region }) => diameterOf(region.area)),
  );
  const sized = found.map((cell) => {
    if (cell.leftOut) return cell;
    const relative = diameterOf(cell.region.area) / diameter;
    return relative > SIZES || relative < 1 / SIZES ? { ...cell, leftOut: 'size' } : { ...cell, relative };
  });
  const scale = reference.diameter / diameter;
  const cut = sized.map((cell) =>
    cell.leftOut ? cell : { ...cell, image: cutCell(image, cell.region, scale) },
  );
  const { colour } = medianCell(cut.filter(({ leftOut }) => !leftOut).map((cell) => cell.image));
  return { image, cells: cut, diameter, scale, colour };
}
