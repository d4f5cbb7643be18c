import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { GiemsaError } from '../cells/errors.ts';
import { openArchive } from './archive.ts';
import type { Cell, Label } from './cell.ts';
import { fileError } from './file-error.ts';
import { walkFolder } from './folder.ts';
import { type LabelledFile, sortByLabel } from './label-folders.ts';
import { nihPatient, nihSlide } from './nih-names.ts';
import { type Patients, patientOf, readPatients } from './patients.ts';
import { byCodePoint, type Found } from './stored-file.ts';

export type { Cell, Label } from './cell.ts';

/** The labelled images of a folder or an archive. */
export interface Dataset {
  /** As it was opened with; those of its cells begin with it. */
  readonly path: string;
  /** Sorted by label, then by name (code points). */
  readonly cells: readonly Cell[];
  /** Files that are no images of the set, and why. */
  readonly ignored: readonly { path: string; reason: string }[];
  /** What looked like an image of the set but cannot be read. */
  readonly problems: readonly { path: string; message: string }[];
  /** What the user should know, a sentence each. */
  readonly notes: readonly string[];
  /** Files in the two label folders that are not cells, dot files left out: Python's split-folders counts them. */
  readonly otherNames: Readonly<Record<Label, readonly string[]>>;
  /** SHA-256 over the sorted lines `label/name size`. */
  readonly fingerprint: string;
  close(): Promise<void>;
}

export interface DatasetOptions {
  /** Names of the folders of the parasitized and the uninfected cells, in any case. */
  readonly labelFolders?: readonly [string, string];
  /** One or more CSV files of image and patient (see `readPatients`). Without: by NIH file names. */
  readonly patients?: string | readonly string[];
}

/**
 * Opens a data set: a folder or a zip archive with one subfolder per label (`Parasitized` and `Uninfected` if not named
 * otherwise), as they are or inside other folders. Images are read only when asked for.
 *
 * @throws GiemsaError `unreadable-file`, `damaged-archive`, `no-label-folders`, `several-data-sets`, `no-cells`.
 */
export async function openDataset(path: string, options: DatasetOptions = {}): Promise<Dataset> {
  const { files, close } = await openFiles(path);
  try {
    const found: Found[] = [];
    for await (const file of files) found.push(file);
    const sorted = sortByLabel(path, found, options.labelFolders ?? ['Parasitized', 'Uninfected']);
    const csv = options.patients === undefined ? undefined : await readPatients([options.patients].flat());
    const patientsOf = csv && patientByPath(sorted.files, csv);
    const cells = sorted.files.map((file) => cellOf(path, file, patientsOf));
    return {
      path,
      cells,
      ignored: sorted.ignored,
      problems: sorted.problems,
      notes: [...sorted.notes, ...patientNotes(cells, csv !== undefined)],
      otherNames: sorted.otherNames,
      fingerprint: fingerprint(sorted.files),
      close: async () => close(),
    };
  } catch (error) {
    close();
    throw error;
  }
}

async function openFiles(path: string): Promise<{ files: AsyncIterable<Found>; close(): void }> {
  let stats: Stats;
  try {
    stats = await stat(path);
  } catch (error) {
    throw new GiemsaError('unreadable-file', `cannot open the data set ${path}: ${fileError(error)}`, {
      cause: error,
    });
  }
  // A folder of links is a usual way to pick from a larger data set.
  if (stats.isDirectory()) return { files: walkFolder(path, 'anywhere'), close: () => undefined };
  if (!stats.isFile()) {
    throw new GiemsaError(
      'unreadable-file',
      `cannot open the data set ${path}: not a regular file, nor a folder`,
    );
  }
  const archive = await openArchive(path);
  return { files: archive.files(), close: archive.close };
}

/** Cells of both labels may have one name: then the CSV has to say which it means. */
function patientByPath(files: readonly LabelledFile[], csv: Patients) {
  const times = new Map<string, number>();
  for (const { name } of files) times.set(name, (times.get(name) ?? 0) + 1);
  return ({ name, path }: LabelledFile) => patientOf(csv, path, times.get(name) === 1);
}

function cellOf(
  root: string,
  file: LabelledFile,
  fromCsv: ((file: LabelledFile) => string | undefined) | undefined,
): Cell {
  const { name, label, read } = file;
  const slide = nihSlide(name) ?? '';
  const patient = fromCsv ? fromCsv(file) : nihPatient(slide);
  return {
    name,
    label,
    slide,
    patient: patient ?? '',
    path: `${root.replace(/[/\\]+$/, '')}/${file.path}`,
    read,
  };
}

function patientNotes(cells: readonly Cell[], fromCsv: boolean): string[] {
  const unknown = cells.filter((cell) => cell.patient === '');
  if (unknown.length === 0) return [];
  const why = fromCsv
    ? 'the CSV of patients does not name them, or names one of two cells of this name without its folder'
    : 'their names are not those of the NIH set';
  return [
    `${unknown.length} of ${cells.length} cells have no known patient, as ${unknown[0].name}: ${why}. A split by patient` +
      ` needs all of them: give a CSV of image and patient with --patients.`,
  ];
}

function fingerprint(files: readonly LabelledFile[]): string {
  const lines = files.map((file) => `${file.label}/${file.name} ${file.size}`).sort(byCodePoint);
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}
