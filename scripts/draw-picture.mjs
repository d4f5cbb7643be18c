// Draws the pictures of the README and of docs/reference/drawn-cells.md: drawn cells, and what is no cell.
//     npm run build && node scripts/draw-picture.mjs
import { mkdirSync, writeFileSync } from 'node:fs';
import { drawCells, drawNonCells, encodePng } from 'giemsa';

const TILE = 112;
const COLUMNS = 8;

drawRows('drawn-cells', cellsOfBothLabels());
drawRows(
  'non-cells',
  inRows(
    drawNonCells(1).map(({ image }) => image),
    12,
  ),
  72,
);

/** Parasitized above, uninfected below; one cell a patient, as far as they go, so that stain and light differ. */
function cellsOfBothLabels() {
  const cells = drawCells({ count: 600, seed: 5 });
  return ['parasitized', 'uninfected'].map((label) => {
    const patients = new Set();
    const shown = cells.filter(
      (cell) =>
        cell.label === label &&
        patients.size < COLUMNS &&
        !patients.has(cell.patient) &&
        patients.add(cell.patient),
    );
    return shown.map(({ image }) => image);
  });
}

function inRows(images, columns) {
  return Array.from({ length: Math.ceil(images.length / columns) }, (_, r) =>
    images.slice(r * columns, (r + 1) * columns),
  );
}

/** Each image as large as its tile allows, on black, with white between. */
function drawRows(name, rows, tile = TILE) {
  const width = Math.max(...rows.map(({ length }) => length)) * tile;
  const height = rows.length * tile;
  const data = new Uint8Array(3 * width * height).fill(255);
  rows.forEach((row, r) => {
    row.forEach((image, c) => {
      const step = Math.max(image.width, image.height) / (tile - 8);
      for (let y = 0; y < tile - 8; y++) {
        for (let x = 0; x < tile - 8; x++) {
          const from =
            Math.min(image.height - 1, Math.floor(y * step)) * image.width +
            Math.min(image.width - 1, Math.floor(x * step));
          const to = (r * tile + y + 4) * width + c * tile + x + 4;
          const inside = y * step < image.height && x * step < image.width;
          for (let k = 0; k < 3; k++) data[3 * to + k] = inside ? image.data[3 * from + k] : 0;
        }
      }
    });
  });
  const folder = new URL('../docs/pictures/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL(`${name}.png`, folder), encodePng({ width, height, data }));
}
