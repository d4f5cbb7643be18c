import type { LabelledCell } from './batch.ts';
import { type Figure, frame } from './frame.ts';
import { groupedGalleries } from './grouped-galleries.ts';
import { counted, share } from './numbers.ts';

export interface Mistake extends LabelledCell {
  /** Of parasitized. */
  readonly probability: number;
}

export interface MistakesData {
  /** Those shown, the worst first. */
  readonly missed: readonly Mistake[];
  readonly falseCalls: readonly Mistake[];
  /** How many there are in all. */
  readonly counts: { readonly fn: number; readonly fp: number };
  readonly subtitle?: string | undefined;
}

/** The parasitized cells with the lowest probability of parasitized, and the uninfected ones with the highest. */
export function mistakesFigure({ missed, falseCalls, counts, subtitle }: MistakesData): Figure {
  const groups = [
    { title: 'Parasitized by label, called uninfected', cells: missed, all: counts.fn },
    { title: 'Uninfected by label, called parasitized', cells: falseCalls, all: counts.fp },
  ];
  return frame({
    name: 'worst-mistakes',
    title: 'The worst mistakes',
    ...(subtitle === undefined ? {} : { subtitle }),
    text: groups.map(({ title, cells, all }) => describe(title, cells, all)).join(' '),
    ...groupedGalleries(
      groups.map((group) => ({
        ...group,
        cells: group.cells.map(({ image, label, patient, probability }) => ({
          image,
          label,
          lines: [share(probability), patient],
        })),
      })),
      'worst',
    ),
  });
}

function describe(title: string, cells: readonly Mistake[], all: number): string {
  if (all === 0) return `${title}: none.`;
  const listed = cells.map(
    ({ probability, patient }) => `${share(probability)}${patient === '' ? '' : ` (${patient})`}`,
  );
  return `${title}: ${counted(all, 'cell')}; probability of parasitized and patient of the worst ${cells.length}: ${listed.join(', ')}.`;
}
