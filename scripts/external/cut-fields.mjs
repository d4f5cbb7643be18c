// Cells of whole fields, cut out as the NIH cells are: masked, at their scale, in their colour or in that of the field.
import { readFileSync } from 'node:fs';
import { cellMask } from '../../dist/cells/cell-mask.js';
import { matchColour, medianColour } from '../../dist/cells/colour.js';
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
 * @returns field image, scale, colour of its median cell; cells `{type, region, leftOut?}` in the order of the annotations
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
  const used = sized.filter(({ leftOut }) => !leftOut);
  const { colour } = medianCell(used.map(({ region }) => cutCell(image, region, 1)));
  return { image, cells: sized, diameter, scale, colour };
}

/** A cell of a cut field as an image: with the field's own colours, or with those of the reference. */
export function imageOf({ image, scale, colour }, region, reference, normalised) {
  const cell = cutCell(image, region, scale);
  return normalised ? matchColour(cell, colour, reference.colour) : cell;
}
