import { moved, stack } from './frame.ts';
import { type GalleryCell, gallery } from './gallery.ts';
import { count } from './numbers.ts';
import { FONT_SIZE } from './theme.ts';

export interface GalleryGroup {
  readonly title: string;
  /** Those shown, in order. */
  readonly cells: readonly GalleryCell[];
  /** How many there are, shown or not. */
  readonly all: number;
}

/** Galleries one above the other, each below its title and how many cells of it are shown. @param order what the first cells are */
export function groupedGalleries(
  groups: readonly GalleryGroup[],
  order: 'first' | 'worst',
): { content: string; height: number } {
  return stack(
    groups.flatMap(({ title, cells, all }) => [
      heading(
        all > cells.length
          ? `${title}: the ${order} ${cells.length} of ${count(all)}`
          : `${title}: ${count(all)}`,
      ),
      gallery(cells),
    ]),
  );
}

function heading(text: string): { readonly content: string; readonly height: number } {
  return {
    content: moved(`<text font-size="${FONT_SIZE.text}" font-weight="700">${text}</text>`, 14, 22),
    height: 30,
  };
}
