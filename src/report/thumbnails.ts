import type { CellImage } from '../cells/image.ts';
import { preprocess } from '../recipes/preprocessing.ts';

/** A classified image as a report shows it. */
export interface Thumbnail {
  readonly file: string;
  readonly label: string;
  /** Of parasitized, as the model gives it. */
  readonly probability: number;
  readonly image: CellImage;
}

/** Images shown, in three groups from the highest probability down; where they are few, all are in the first. */
export interface ThumbnailGroups {
  readonly highest: readonly Thumbnail[];
  /** Of the others. */
  readonly nearest: readonly Thumbnail[];
  readonly lowest: readonly Thumbnail[];
}

/** Images of each group. Up to three times as many are all shown. */
export const GROUP = 64;

/** Larger images are made smaller, so that a report of photographs is no larger than one of cells. */
const LONGEST_SIDE = 128;

export function thumbnailOf(image: CellImage): CellImage {
  const scale = LONGEST_SIDE / Math.max(image.width, image.height);
  if (scale >= 1) return image;
  const [width, height] = [image.width, image.height].map((side) => Math.max(1, Math.round(side * scale)));
  const values = new Float32Array(3 * width * height);
  const fit = { fit: 'keep-scale', width, height, pixelScale: scale, scale: 1, offset: 0 } as const;
  preprocess(image, fit, values, 0);
  return { width, height, data: new Uint8Array(Uint8ClampedArray.from(values).buffer) };
}

/**
 * Keeps the images that a report will show, of any number, in constant memory: what is among the highest, the lowest or the
 * nearest of all images is among those of any part of them, too, so the others can be dropped on the way.
 *
 * @param threshold on the scale of the thumbnails' probabilities
 */
export function keepThumbnails(threshold: number, group = GROUP) {
  let kept: Thumbnail[] = [];
  let total = 0;

  const groups = (): ThumbnailGroups => {
    const ordered = kept.toSorted((a, b) => b.probability - a.probability);
    if (total <= 3 * group) return { highest: ordered, nearest: [], lowest: [] };
    const distance = ({ probability }: Thumbnail) => Math.abs(probability - threshold);
    const nearest = ordered
      .slice(group, -group)
      .toSorted((a, b) => distance(a) - distance(b))
      .slice(0, group)
      .sort((a, b) => b.probability - a.probability);
    return { highest: ordered.slice(0, group), nearest, lowest: ordered.slice(-group) };
  };
  return {
    add(thumbnail: Thumbnail): void {
      kept.push(thumbnail);
      total++;
      if (kept.length < 6 * group) return;
      const { highest, nearest, lowest } = groups();
      kept = [...highest, ...nearest, ...lowest];
    },
    groups,
  };
}
