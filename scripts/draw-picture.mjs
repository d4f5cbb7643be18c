// Draws the picture of the README: drawn cells, parasitized above, uninfected below.
//     npm run build && node scripts/draw-picture.mjs
import { mkdirSync, writeFileSync } from 'node:fs';
import { drawCells, encodePng } from 'giemsa';

const TILE = 112;
const COLUMNS = 8;
const cells = drawCells({ count: 600, seed: 5 });
const rows = ['parasitized', 'uninfected'].map((label) => cells.filter((cell) => cell.label === label));
const width = COLUMNS * TILE;
const height = rows.length * TILE;
const data = new Uint8Array(3 * width * height).fill(255);
rows.forEach((row, r) => {
  // One cell a patient, as far as they go, so that stain and light differ.
  const patients = new Set();
  const shown = row.filter(
    ({ patient }) => patients.size < COLUMNS && !patients.has(patient) && patients.add(patient),
  );
  shown.forEach(({ image }, c) => {
    const step = Math.max(image.width, image.height) / (TILE - 8);
    for (let y = 0; y < TILE - 8; y++) {
      for (let x = 0; x < TILE - 8; x++) {
        const from =
          Math.min(image.height - 1, Math.floor(y * step)) * image.width +
          Math.min(image.width - 1, Math.floor(x * step));
        const to = (r * TILE + y + 4) * width + c * TILE + x + 4;
        const inside = y * step < image.height && x * step < image.width;
        for (let k = 0; k < 3; k++) data[3 * to + k] = inside ? image.data[3 * from + k] : 0;
      }
    }
  });
});
mkdirSync(new URL('../docs/pictures', import.meta.url), { recursive: true });
writeFileSync(
  new URL('../docs/pictures/drawn-cells.png', import.meta.url),
  encodePng({ width, height, data }),
);
