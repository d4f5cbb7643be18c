// The same cells with one step of the way done otherwise.
import { cellMask } from '../../dist/cells/cell-mask.js';
import { matchColour } from '../../dist/cells/colour.js';
import { cutCell } from '../../dist/cells/field/cut.js';
import { resample } from '../../dist/cells/resample.js';
import { imageOf } from './cut-fields.mjs';

/** Each: (cut field, cell, training cell) -> image. */
export const VARIANTS = {
  'as is': (cut, { region }, reference) => imageOf(cut, region, reference, true),
  'half the resolution': (cut, { region }, reference) => {
    const half = imageOf({ ...cut, scale: cut.scale / 2 }, region, reference, true);
    const { width, height, data } = resample({ ...half, channels: 3 }, 2);
    return { width, height, data: Uint8Array.from(data, Math.round) };
  },
  'cells 15 % smaller': (cut, { region }, reference) =>
    imageOf({ ...cut, scale: 0.85 * cut.scale }, region, reference, true),
  'cells 15 % larger': (cut, { region }, reference) =>
    imageOf({ ...cut, scale: 1.15 * cut.scale }, region, reference, true),
  'every cell at the same diameter': (cut, { region, relative }, reference) =>
    imageOf({ ...cut, scale: cut.scale / relative }, region, reference, true),
  'ellipse in the box for a mask': (cut, { seed }, reference) =>
    imageOf(cut, ellipse(seed.box, cut.image), reference, true),
  'whole box, no mask': (cut, { seed }, reference) =>
    imageOf(cut, whole(seed.box, cut.image), reference, true),
  'each cell to the training colour': (cut, { region }, reference) => {
    const cell = cutCell(cut.image, region, cut.scale);
    return matchColour(cell, cellMask(cell).colour, reference.colour);
  },
};

function whole(box, image) {
  const within = {
    left: Math.max(0, box.left),
    top: Math.max(0, box.top),
    right: Math.min(image.width, box.right),
    bottom: Math.min(image.height, box.bottom),
  };
  const area = (within.right - within.left) * (within.bottom - within.top);
  return { box: within, inside: new Uint8Array(area).fill(1), area };
}

function ellipse(box, image) {
  const region = whole(box, image);
  const { left, top, right, bottom } = region.box;
  const [a, b] = [(right - left) / 2, (bottom - top) / 2];
  const inside = region.inside.map((_, i) => {
    const x = (i % (right - left)) + 0.5 - a;
    const y = Math.floor(i / (right - left)) + 0.5 - b;
    return (x / a) ** 2 + (y / b) ** 2 <= 1 ? 1 : 0;
  });
  return { ...region, inside };
}
