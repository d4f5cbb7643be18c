import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { decodeImage } from '../../dist/cells/decode.js';
import { HANDCRAFTED_NAMES, handcraftedFeatures } from '../../dist/cells/handcrafted-features.js';
import { meanColour, size } from '../../dist/cells/simple-features.js';
import { readCsvRecords } from '../../dist/dataset/csv.js';

/** Columns of the file in which features are kept. */
const COLUMNS = ['width', 'height', 'mean red', 'mean green', 'mean blue', ...HANDCRAFTED_NAMES];
const TOGETHER = 100;

/**
 * The features of every cell, in the order of the cells. They take minutes, so they are kept in a CSV file as they are made; a
 * second call goes on where the first was stopped.
 *
 * @returns `size`, `meanColour`, `handcrafted` of each cell
 */
export async function featuresOf(cells, path) {
  const kept = await readKept(path);
  const missing = cells.filter((cell) => !kept.has(keyOf(cell)));
  for (let i = 0; i < missing.length; i += TOGETHER) {
    let lines = '';
    for (const cell of missing.slice(i, i + TOGETHER)) {
      const image = await decodeImage(await cell.read());
      const values = [...size(image), ...meanColour(image), ...handcraftedFeatures(image)];
      kept.set(keyOf(cell), values);
      lines += `${cell.label},${cell.name},${values.join(',')}\n`;
    }
    await appendFile(path, lines);
    process.stderr.write(`features: ${Math.min(i + TOGETHER, missing.length)} of ${missing.length}\n`);
  }
  return cells.map((cell) => {
    const values = kept.get(keyOf(cell));
    return { size: values.slice(0, 2), meanColour: values.slice(2, 5), handcrafted: values.slice(5) };
  });
}

function keyOf({ label, name }) {
  return `${label},${name}`;
}

async function readKept(path) {
  const header = ['label', 'name', ...COLUMNS];
  const text = await readFile(path, 'utf8').catch(() => '');
  if (text === '') {
    await writeFile(path, `${header.join(',')}\n`);
    return new Map();
  }
  // A line that was cut short by a kill is made again.
  if (!text.endsWith('\n')) await writeFile(path, text.slice(0, text.lastIndexOf('\n') + 1));
  const records = await readCsvRecords(path, header);
  return new Map(records.map((record) => [keyOf(record), COLUMNS.map((column) => Number(record[column]))]));
}
