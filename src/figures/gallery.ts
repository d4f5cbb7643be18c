import { base64Encode } from '@bufbuild/protobuf/wire';
import { escape as escaped } from 'html-escaper';
import { encodePng } from '../cells/encode.ts';
import type { CellImage } from '../cells/image.ts';
import { COLOURS, FIGURE_WIDTH, FONT_SIZE } from './theme.ts';

export interface GalleryCell {
  readonly image: CellImage;
  readonly label: 'parasitized' | 'uninfected';
  /** Below the image, a line each. */
  readonly lines: readonly string[];
}

const COLUMNS = 4;
const LINE = 17;
const GAP = 10;
const MARGIN = 14;

/**
 * Images in rows of four, each fitted into a square of the same size on black, as the segmented cells are, with a frame in the
 * colour of its label and its lines below it.
 */
export function gallery(cells: readonly GalleryCell[]): { content: string; height: number } {
  const size = (FIGURE_WIDTH - 2 * MARGIN - (COLUMNS - 1) * GAP) / COLUMNS;
  const most = Math.max(0, ...cells.map(({ lines }) => lines.length));
  const row = size + most * LINE + 16;
  const content = cells.map((cell, i) => {
    const x = MARGIN + (i % COLUMNS) * (size + GAP);
    const y = 8 + Math.floor(i / COLUMNS) * row;
    return drawCell(cell, size, x, y);
  });
  return { content: content.join('\n'), height: 8 + row * Math.ceil(cells.length / COLUMNS) };
}

function drawCell({ image, label, lines }: GalleryCell, size: number, x: number, y: number): string {
  const href = `data:image/png;base64,${base64Encode(encodePng(image))}`;
  const place = `x="2" y="2" width="${size - 4}" height="${size - 4}"`;
  const texts = lines.map(
    (line, i) =>
      `<text x="${size / 2}" y="${size + 15 + i * LINE}" text-anchor="middle" font-size="${FONT_SIZE.small}">${escaped(line)}</text>`,
  );
  return [
    `<g transform="translate(${x},${y})">`,
    `<rect x="1" y="1" width="${size - 2}" height="${size - 2}" fill="#000" stroke="${COLOURS[label]}" stroke-width="4"/>`,
    `<image ${place} preserveAspectRatio="xMidYMid meet" href="${href}"/>`,
    ...texts,
    '</g>',
  ].join('');
}
