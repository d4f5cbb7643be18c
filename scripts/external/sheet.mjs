// Contact sheets of cells for the eye, on black.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { matchColour } from '../../dist/cells/colour.js';
import { drawImage, paste } from '../../dist/cells/draw-canvas.js';
import { encodePng } from '../../dist/cells/encode.js';
import { resample } from '../../dist/cells/resample.js';
import { cutField } from './cut-fields.mjs';
import { STAGES } from './sets.mjs';

const TILE = 110;
const CELLS = 60;

/**
 * Writes what was classified: the red cells it is surest are parasitized, the parasitized ones it is surest are not, some red cells, each
 * with a list of names, types, places and probabilities.
 */
export async function writeSheets(folder, set, fields, cells, reference) {
  const ranked = cells
    .filter(({ leftOut }) => !leftOut)
    .sort((a, b) => b.probability.normalised - a.probability.normalised);
  const red = ranked.filter(({ type }) => !STAGES.includes(type));
  const parasitized = ranked.filter(({ type }) => STAGES.includes(type));
  const sheets = {
    highest: red.slice(0, CELLS),
    lowest: parasitized.slice(-CELLS).reverse(),
    some: red.filter((_, i) => i % Math.ceil(red.length / CELLS) === 0),
  };
  mkdirSync(folder, { recursive: true });
  const cuts = new Map();
  for (const [name, chosen] of Object.entries(sheets)) {
    if (chosen.length === 0) continue;
    const images = [];
    for (const { field, number } of chosen) {
      if (!cuts.has(field)) {
        const cut = await cutField(
          fields.find((one) => one.name === field),
          reference,
        );
        cuts.set(
          field,
          cut.cells.map(({ image }) => image && matchColour(image, cut.colour, reference.colour)),
        );
      }
      images.push(cuts.get(field)[number]);
    }
    writeFileSync(join(folder, `${set}-${name}.png`), contactSheet(images));
    const lines = chosen.map((cell) =>
      [cell.name, cell.type, `${cell.x},${cell.y}`, cell.probability.raw, cell.probability.normalised].join(
        '\t',
      ),
    );
    writeFileSync(join(folder, `${set}-${name}.txt`), `${lines.join('\n')}\n`);
  }
}

export function contactSheet(images, columns = 10) {
  const sheet = drawImage(columns * TILE, Math.ceil(images.length / columns) * TILE, () => [0, 0, 0]);
  images.forEach((image, i) => {
    const scale = Math.min(1, (TILE - 6) / Math.max(image.width, image.height));
    const { width, height, data } = resample({ ...image, channels: 3 }, scale);
    const tile = { width, height, data: Uint8Array.from(data, Math.round) };
    paste(sheet, tile, (i % columns) * TILE + 3, Math.floor(i / columns) * TILE + 3);
  });
  return encodePng(sheet);
}
