// Parts of Markdown pages that scripts make: between two comments, and renewed there.
import { readFileSync } from 'node:fs';
import { writeFileWhole } from '../dist/dataset/write-file.js';

/** Puts `text` between the page's comments `<!-- name: begin -->` and `<!-- name: end -->`. */
export async function renewMarked(page, name, text) {
  const [begin, end] = ['begin', 'end'].map((where) => `<!-- ${name}: ${where} -->`);
  const [before, rest, ...others] = readFileSync(page, 'utf8').split(begin);
  const [, after, ...ends] = rest?.split(end) ?? [];
  if (after === undefined || others.length + ends.length > 0) {
    throw new Error(`${page} needs one place for what is made: ${begin} ... ${end}`);
  }
  await writeFileWhole(page, `${before}${begin}\n\n${text}\n\n${end}${after}`);
}

/** @param head titles; @param rows cells of each row */
export function markdownTable(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** As figures between 0 and 1 are printed: without the 0 before the point. */
export function share(value, digits) {
  return value.toFixed(digits).replace(/^(-?)0\./, '$1.');
}

/** With its interval in brackets, where there is one. */
export function withInterval(value, interval, digits) {
  if (!interval) return share(value, digits);
  return `${share(value, digits)} (${interval.map((end) => share(end, digits)).join(' to ')})`;
}
