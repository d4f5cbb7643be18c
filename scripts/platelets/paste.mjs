// Real platelets, cut out of whole fields as the share of light they let through, and laid on other cells.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { decodeImage } from '../../dist/cells/decode.js';

/** Pixels of an NIH cell for each of the field: median red cells are 130 pixels across there, 38 and 74 in the fields. */
const SCALES = { 'chula-fields': 3.4, 'iml-fields': 1.75 };
/** A platelet fades out from this many pixels beyond its box to a quarter of its size farther. */
const MARGIN = 2.5;
const FADE = 0.25;
/** Light beside a platelet, which focus makes brighter than the background. */
const BRIGHTEST = 1.15;
/**
 * What platelets take away of red and blue, where green loses 1, is .44 and .42 in these fields, and what parasites take away in NIH
 * cells .29 and .21 (medians): cameras differ. Losses times these give a platelet the colour of a parasite.
 */
const AS_PARASITES = [0.66, 1, 0.5];
/** A sum of channels up to this is black, beyond the cell. */
const BLACK = 30;

/**
 * @param data folder with chula-fields and iml-fields
 * @param positions CSV file: set, image, the platelet's box in pixels, the colour of the background around it
 * @returns {Promise<{set: string, scale: number, side: number, through: Float32Array}[]>} squares of `side` pixels, shares of light by channel
 */
export async function readPlatelets(data, positions) {
  const rows = parse(readFileSync(positions), { columns: true, cast: (text) => Number(text) || text });
  const fields = new Map();
  for (const { set, image } of rows) {
    const path = join(data, set, image);
    if (!fields.has(path)) fields.set(path, await decodeImage(readFileSync(path)));
  }
  return rows.map((row) => cutOut(fields.get(join(data, row.set, row.image)), row));
}

function cutOut(field, { set, x, y, width, height, red, green, blue }) {
  const background = [red, green, blue];
  const radius = Math.ceil(0.8 * Math.max(width, height)) + 2;
  const side = 2 * radius + 1;
  const [middleX, middleY] = [x + width / 2, y + height / 2];
  const [left, top] = [Math.round(middleX) - radius, Math.round(middleY) - radius];
  const through = new Float32Array(3 * side * side).fill(1);
  for (let i = 0; i < side * side; i++) {
    const [u, v] = [left + (i % side), top + Math.floor(i / side)];
    if (u < 0 || v < 0 || u >= field.width || v >= field.height) continue;
    const away = Math.hypot((u - middleX) / (width / 2 + MARGIN), (v - middleY) / (height / 2 + MARGIN));
    const share = Math.min(1, Math.max(0, 1 - (away - 1) / FADE));
    for (let c = 0; c < 3; c++) {
      const level = field.data[3 * (v * field.width + u) + c] / background[c];
      through[3 * i + c] = 1 + share * (Math.min(BRIGHTEST, level) - 1);
    }
  }
  return { set, scale: SCALES[set], side, through };
}

/** The platelet in the colour of parasites of the NIH set, which then tells the two apart no more. */
export function inColourOfParasites({ through, ...platelet }) {
  return { ...platelet, through: through.map((share, i) => 1 - AS_PARASITES[i % 3] * (1 - share)) };
}

/** The cell with the platelet on it, turned and placed by the draws: its middle within .8 of the cell's radius. */
export function withPlatelet({ width, height, data }, { scale, side, through }, draws) {
  const reach = 0.8 * ((width + height) / 4) * Math.sqrt(draws.between(0, 1));
  const [awayX, awayY] = draws.direction();
  const [atX, atY] = [width / 2 + awayX * reach, height / 2 + awayY * reach];
  const [cos, sin] = draws.direction().map((part) => part / scale);
  const painted = Uint8Array.from(data);
  for (let i = 0; i < width * height; i++) {
    if (data[3 * i] + data[3 * i + 1] + data[3 * i + 2] <= BLACK) continue;
    const [x, y] = [(i % width) - atX, Math.floor(i / width) - atY];
    const u = cos * x + sin * y + (side - 1) / 2;
    const v = cos * y - sin * x + (side - 1) / 2;
    if (u < 0 || v < 0 || u >= side - 1 || v >= side - 1) continue;
    const [left, top] = [Math.floor(u), Math.floor(v)];
    const [right, below] = [u - left, v - top];
    for (let c = 0; c < 3; c++) {
      const at = 3 * (top * side + left) + c;
      const upper = through[at] * (1 - right) + through[at + 3] * right;
      const lower = through[at + 3 * side] * (1 - right) + through[at + 3 * side + 3] * right;
      painted[3 * i + c] = Math.round(Math.min(255, data[3 * i + c] * (upper * (1 - below) + lower * below)));
    }
  }
  return { width, height, data: painted };
}
