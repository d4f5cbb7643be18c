// The same cells with one step of the way done otherwise.
import { cellMask } from '../../dist/cells/cell-mask.js';
import { matchColour } from '../../dist/cells/colour.js';
import { cutCell } from '../../dist/cells/field/cut.js';
import { resample } from '../../dist/cells/resample.js';

/** Each: (cut field, cell, training cell) -> image. */
export const VARIANTS = {
  'as is': (cut, { image }, reference) => matchColour(image, cut.colour, reference.colour),
  'each cell to the training colour': (_, { image }, reference) =>
    matchColour(image, cellMask(image).colour, reference.colour),
  'half the resolution': (cut, { image }, reference) => {
    const { width, height, data } = resample(resample({ ...image, channels: 3 }, 0.5), 2);
    return matchColour({ width, height, data: Uint8ClampedArray.from(data) }, cut.colour, reference.colour);
  },
  'cells 15 % smaller': (cut, { region }, reference) => cutAgain(cut, region, reference, 0.85),
  'cells 15 % larger': (cut, { region }, reference) => cutAgain(cut, region, reference, 1.15),
  'every cell at the same diameter': (cut, { region, relative }, reference) =>
    cutAgain(cut, region, reference, 1 / relative),
  'ellipse in the box for a mask': (cut, { seed }, reference) =>
    cutAgain(cut, ellipse(seed.box, cut.image), reference),
  'whole box, no mask': (cut, { seed }, reference) => cutAgain(cut, whole(seed.box, cut.image), reference),
};

function cutAgain({ image, scale, colour }, region, reference, enlarged = 1) {
  return matchColour(cutCell(image, region, enlarged * scale), colour, reference.colour);
}

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
