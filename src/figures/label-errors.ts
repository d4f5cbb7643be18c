import type { LabelledCell } from './batch.ts';
import { type Figure, frame } from './frame.ts';
import { groupedGalleries } from './grouped-galleries.ts';
import { counted, share } from './numbers.ts';

export interface DoubtedCell extends LabelledCell {
  /** From 1, the most doubtful of all. */
  readonly rank: number;
  /** The model's probability that the other label is right. */
  readonly score: number;
}

export interface LabelErrorsData {
  /** Those shown, the most doubtful first. */
  readonly parasitized: readonly DoubtedCell[];
  readonly uninfected: readonly DoubtedCell[];
  /** How many are suspected in all, by their published label. */
  readonly suspected: { readonly parasitized: number; readonly uninfected: number };
  readonly subtitle?: string;
}

/** The cells whose published label a model that never saw the patient doubts most, to be looked at by a person. */
export function labelErrorsFigure({ parasitized, uninfected, suspected, subtitle }: LabelErrorsData): Figure {
  const groups = [
    { title: 'Labelled uninfected, likely parasitized', cells: uninfected, all: suspected.uninfected },
    { title: 'Labelled parasitized, likely uninfected', cells: parasitized, all: suspected.parasitized },
  ];
  return frame({
    name: 'label-errors',
    title: 'Labels that are most in doubt',
    ...(subtitle === undefined ? {} : { subtitle }),
    text: groups.map(({ title, cells, all }) => describe(title, cells, all)).join(' '),
    ...groupedGalleries(
      groups.map((group) => ({
        ...group,
        cells: group.cells.map(({ image, label, patient, rank, score }) => ({
          image,
          label,
          lines: [`${rank}: ${score.toFixed(4)}`, patient],
        })),
      })),
      'first',
    ),
  });
}

function describe(title: string, cells: readonly DoubtedCell[], all: number): string {
  if (cells.length === 0) return `${title}: none.`;
  const listed = cells.map(({ rank, score, patient }) => `${rank}, ${share(score)} (${patient})`);
  return `${title}: ${counted(all, 'cell')}; rank, probability of the other label and patient of the first ${cells.length}: ${listed.join('; ')}.`;
}
