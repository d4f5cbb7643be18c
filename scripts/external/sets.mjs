// The two sets of whole fields, as their annotations give them: seeds of cells, and which of them are left out.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { seedOfBox, seedOfPoint } from '../../dist/cells/field/seeds.js';

/** Stages of P. vivax in iml-fields, from the youngest. */
export const STAGES = ['ring', 'trophozoite', 'schizont', 'gametocyte'];

/** Radius of a usual red cell of chula-fields, in pixels: clicks say nothing of the size. */
const CHULA_RADIUS = 18;
/** Boxes that end this near the edge of the image hold cells that are cut off. */
const EDGE = 2;
/** Burnt-in marks, [left, top, right, bottom]. */
const IML_MARKS = [[1130, 830, 1250, 925]];

/**
 * @typedef {object} Field
 * @property {string} name file name
 * @property {string} path
 * @property {string} block fields of one slide or series
 * @property {boolean} [variants] whether its cells are classified in variants, too
 * @property {{seed: object, type: string, leftOut?: string}[]} cells
 */

/** @returns {Field[]} in order of time */
export function imlFields(data) {
  const folder = join(data, 'iml-fields');
  return read(folder).map(({ image, width, height, cells }, i, all) => ({
    name: nameOf(image),
    path: join(folder, image),
    block: `quarter ${1 + Math.floor((4 * i) / all.length)}`,
    variants: true,
    cells: cells.map(({ x, y, w, h, type }) => {
      const box = { left: x, top: y, right: x + w, bottom: y + h };
      const atEdge = x < EDGE || y < EDGE || box.right > width - EDGE || box.bottom > height - EDGE;
      const leftOut =
        type === 'difficult'
          ? 'difficult'
          : atEdge
            ? 'edge'
            : IML_MARKS.some((mark) => overlap(box, mark))
              ? 'mark'
              : undefined;
      return { seed: seedOfBox(box), type, leftOut };
    }),
  }));
}

/** @returns {Field[]} in order of their numbers; neighbours come from one slide */
export function chulaFields(data) {
  const folder = join(data, 'chula-fields');
  return read(folder).map(({ image, width, height, centres }) => ({
    name: nameOf(image),
    path: join(folder, image),
    block: seriesOf(image),
    cells: centres.map(({ x, y, type }) => {
      const marks = chulaMarks(Number.parseInt(nameOf(image), 10));
      const around = {
        left: x - CHULA_RADIUS,
        top: y - CHULA_RADIUS,
        right: x + CHULA_RADIUS,
        bottom: y + CHULA_RADIUS,
      };
      const outside = x < 0 || y < 0 || x >= width || y >= height;
      const leftOut = outside ? 'edge' : marks.some((mark) => overlap(around, mark)) ? 'mark' : undefined;
      return { seed: seedOfPoint(x, y, CHULA_RADIUS), type, leftOut };
    }),
  }));
}

function read(folder) {
  const records = JSON.parse(readFileSync(join(folder, 'annotations.json'), 'utf8'));
  return records.sort((a, b) => nameOf(a.image).localeCompare(nameOf(b.image), 'en', { numeric: true }));
}

function nameOf(image) {
  return image.replace(/^.*\//, '');
}

function overlap(box, [left, top, right, bottom]) {
  return box.left < right && box.right > left && box.top < bottom && box.bottom > top;
}

function seriesOf(image) {
  const number = Number.parseInt(nameOf(image), 10);
  return number <= 44 ? '1-44' : number <= 198 ? '94-198' : '239-388';
}

/** In images of 640 x 480: the eyepiece pointer, or a scale bar with its text. */
function chulaMarks(number) {
  return number <= 44 ? [[538, 225, 640, 480]] : [[490, 418, 612, 446]];
}
