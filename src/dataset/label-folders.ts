import { GiemsaError } from '../cells/errors.ts';
import type { Label } from './cell.ts';
import { ignoredReason } from './image-names.ts';
import { byCodePoint, type Found } from './stored-file.ts';

export interface LabelledFile {
  readonly name: string;
  readonly label: Label;
  /** Path within the data set. */
  readonly path: string;
  readonly size: number;
  read(): Promise<Uint8Array>;
}

/** A file's place relative to the nearest pair of label folders above it. */
interface Place {
  readonly file: Found;
  readonly base: string;
  readonly label: Label;
  /** Path within the label folder. */
  readonly rest: string;
}

export interface SortedFiles {
  files: LabelledFile[];
  ignored: { path: string; reason: string }[];
  problems: { path: string; message: string }[];
  notes: string[];
  otherNames: Record<Label, string[]>;
}

/**
 * Finds the label folders (in any case), takes the outermost ones, and sorts what lies in them into images, files to be
 * ignored and problems. Kaggle's archive holds the whole set a second time in `cell_images/cell_images`: ignored.
 */
export function sortByLabel(
  root: string,
  found: readonly Found[],
  folders: readonly [string, string],
): SortedFiles {
  const ignored: SortedFiles['ignored'] = [];
  const problems: SortedFiles['problems'] = [];
  const notes: string[] = [];
  const otherNames: SortedFiles['otherNames'] = { parasitized: [], uninfected: [] };
  const isLabelFolder = (name: string) =>
    folders.some((folder) => folder.toLowerCase() === name.toLowerCase());
  const places = found.map((file) => placeOf(file, folders));
  const base = outermost(root, places, folders, found);
  const files = new Map<string, LabelledFile>();
  let copies = 0;
  for (const [i, place] of places.entries()) {
    const file = found[i];
    const inFolder = place !== undefined && place.base === base && !place.rest.includes('/');
    const name = file.path.slice(file.path.lastIndexOf('/') + 1);
    const unwanted = ignoredReason(name);
    if (inFolder && !('error' in file) && unwanted && !name.startsWith('.'))
      otherNames[place.label].push(name);
    if ('error' in file && isLabelFolder(name) && file.path === (base === '' ? name : `${base}/${name}`)) {
      // A folder that cannot be listed: without its cells the set is another one.
      problems.push({ path: file.path, message: file.error });
    } else if (unwanted) {
      ignored.push({ path: file.path, reason: unwanted });
    } else if (place && place.base !== base) {
      copies++;
      ignored.push({ path: file.path, reason: 'in a second pair of label folders further inside' });
    } else if (!place || !inFolder) {
      ignored.push({ path: file.path, reason: 'not directly in one of the label folders' });
    } else if ('error' in file) {
      problems.push({ path: file.path, message: file.error });
    } else if (files.has(`${place.label}/${name}`)) {
      problems.push({
        path: file.path,
        message: 'a second file of this name and label: only the first is used',
      });
    } else {
      files.set(`${place.label}/${name}`, {
        name,
        label: place.label,
        path: file.path,
        size: file.size,
        read: file.read,
      });
    }
  }
  if (copies > 0) notes.push(`Ignored in label folders further inside (a doubled copy): ${copies}.`);
  if (ignored.length > copies)
    notes.push(`Other files ignored: ${ignored.length - copies}, ${examples(ignored)}.`);
  if (problems.length > 0)
    notes.push(
      `Files that cannot be read: ${problems.length}, the first ${problems[0].path} (${problems[0].message}).`,
    );
  const sorted = [...files.values()].sort(
    (a, b) => byCodePoint(a.label, b.label) || byCodePoint(a.name, b.name),
  );
  if (sorted.length === 0) {
    const why = notes.length > 0 ? `. ${notes.join(' ')}` : '';
    throw new GiemsaError('no-cells', `no images in the label folders of ${root}${why}`);
  }
  for (const [label, folder] of [
    ['parasitized', folders[0]],
    ['uninfected', folders[1]],
  ] as const) {
    if (!sorted.some((file) => file.label === label))
      notes.push(`There are no ${label} cells (folder ${folder}).`);
  }
  return { files: sorted, ignored, problems, notes, otherNames };
}

function placeOf(file: Found, folders: readonly [string, string]): Place | undefined {
  const parts = file.path.split('/');
  // The innermost label folder above the file counts.
  for (let i = parts.length - 2; i >= 0; i--) {
    const which = folders.findIndex((folder) => folder.toLowerCase() === parts[i].toLowerCase());
    if (which < 0) continue;
    const label = which === 0 ? 'parasitized' : 'uninfected';
    return { file, label, base: parts.slice(0, i).join('/'), rest: parts.slice(i + 1).join('/') };
  }
  return undefined;
}

/** The folder of the outermost pair; two at the same depth are for the user to choose from. */
function outermost(
  root: string,
  places: readonly (Place | undefined)[],
  folders: readonly [string, string],
  found: readonly Found[],
): string {
  const bases = [...new Set(places.flatMap((place) => (place ? [place.base] : [])))].sort(byCodePoint);
  if (bases.length === 0) {
    const unreadable = found.find((file) => 'error' in file);
    const why = unreadable && 'error' in unreadable ? ` (${unreadable.path}: ${unreadable.error})` : '';
    const top = [...new Set(found.map((file) => file.path.split('/')[0]))].slice(0, 5).join(', ');
    throw new GiemsaError(
      'no-label-folders',
      `${root} has no folder ${folders[0]} or ${folders[1]}: give the names of yours with --label-folders POS,NEG.` +
        ` Found: ${top || 'nothing'}${why}`,
    );
  }
  const depth = (base: string) => (base === '' ? 0 : base.split('/').length);
  const least = Math.min(...bases.map(depth));
  const first = bases.filter((base) => depth(base) === least);
  if (first.length > 1) {
    throw new GiemsaError(
      'several-data-sets',
      `${root} holds ${first.length} pairs of label folders, in ${first.slice(0, 5).join(', ')}: give one of these folders`,
    );
  }
  return first[0];
}

function examples(ignored: readonly { path: string; reason: string }[]): string {
  const reasons = new Map<string, number>();
  for (const { reason } of ignored) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  return [...reasons].map(([reason, count]) => `${reason} (${count})`).join(', ');
}
