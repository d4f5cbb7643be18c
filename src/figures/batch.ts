import type { CellImage } from '../cells/image.ts';
import { type Figure, frame } from './frame.ts';
import { gallery } from './gallery.ts';
import { count } from './numbers.ts';

export interface LabelledCell {
  readonly image: CellImage;
  readonly label: 'parasitized' | 'uninfected';
  readonly patient: string;
}

/** Cells with their labels, in the order given: 32 of them, as a batch. */
export function batchFigure(cells: readonly LabelledCell[], subtitle?: string): Figure {
  const parasitized = cells.filter(({ label }) => label === 'parasitized').length;
  return frame({
    name: 'batch',
    title: `${count(cells.length)} cells with their labels`,
    ...(subtitle === undefined ? {} : { subtitle }),
    text: `${count(cells.length)} cells, ${count(parasitized)} labelled parasitized and ${count(cells.length - parasitized)} uninfected. In rows: ${cells
      .map(({ label, patient }) => `${label}${patient === '' ? '' : ` (${patient})`}`)
      .join(', ')}.`,
    ...gallery(cells.map(({ image, label, patient }) => ({ image, label, lines: [label, patient] }))),
  });
}
