import { GiemsaError } from '../cells/errors.ts';
import { readCsvRows } from './csv.ts';
import { imageEnding } from './image-names.ts';
import { nihPatient } from './nih-names.ts';

const nameColumns = [
  'name',
  'image',
  'file',
  'filename',
  'file_name',
  'image_name',
  'imagename',
  'cell',
  'path',
];
const patientColumns = ['patient', 'patient_id', 'patientid', 'subject', 'subject_id', 'person', 'case'];

/** Whose image a row names; its path's folders from the innermost out. */
interface NamedPatient {
  readonly folders: readonly string[];
  readonly patient: string;
}

/** The rows of CSV files of image and patient, by the name of the image. */
export type Patients = ReadonlyMap<string, readonly NamedPatient[]>;

/**
 * The patients of one or more CSV files of image and patient: with a header that names the
 * two columns, or two columns without one, in either order. NLM's own `patientid_cellmapping_*.csv` are read as they
 * are (no header; a slide, then a Python list of its images); there the patient is that of the slide's name.
 */
export async function readPatients(paths: readonly string[]): Promise<Patients> {
  const patients = new Map<string, NamedPatient[]>();
  for (const path of paths) {
    const rows = (await readCsvRows(path)).map((row) => row.map((field) => field.trim()));
    const pairs = rows[0]?.[1]?.startsWith('[') ? cellMapping(rows) : imagePatientPairs(path, rows);
    for (const [image, patient] of pairs) {
      const { name, folders } = placeOf(image);
      const known = patients.get(name) ?? [];
      const before = known.find((row) => row.folders.join('/') === folders.join('/'));
      if (before !== undefined && before.patient !== patient) {
        throw new GiemsaError(
          'bad-csv',
          `${path} gives ${image} the patient ${patient}, but it already is one of ${before.patient}. Of two images of one name, write the folders, too`,
        );
      }
      if (before === undefined) patients.set(name, [...known, { folders, patient }]);
    }
  }
  return patients;
}

/**
 * The patient of an image of a data set. Paths of another place will do where neither the rows nor the images have the name twice.
 *
 * @param alone whether no other image has this name; else a row has to say by a folder which of them it means
 */
export function patientOf(patients: Patients, path: string, alone: boolean): string | undefined {
  const best = fittingRow(patients, path);
  if (best && (alone || best.folders.length > 0)) return best.patient;
  const rows = patients.get(placeOf(path).name) ?? [];
  return alone && rows.length === 1 ? rows[0].patient : undefined;
}

/** That of any image: of the row whose path and the image's end alike, as far as both go. */
export function patientOfPath(patients: Patients, path: string): string | undefined {
  return fittingRow(patients, path)?.patient;
}

/** With as many folders in common as possible; none where two rows say as much of other patients. */
function fittingRow(patients: Patients, path: string): NamedPatient | undefined {
  const { name, folders } = placeOf(path);
  const common = (row: NamedPatient) => Math.min(row.folders.length, folders.length);
  const [best, next] = (patients.get(name) ?? [])
    .filter((row) => row.folders.slice(0, common(row)).every((folder, i) => folder === folders[i]))
    .sort((a, b) => common(b) - common(a));
  const isClear = !next || common(next) < common(best) || next.patient === best.patient;
  return isClear ? best : undefined;
}

/** Folders in any case, as label folders are; accents written in one way, as file systems have them in two. */
function placeOf(path: string): { name: string; folders: string[] } {
  const [name, ...folders] = path.normalize('NFC').split(/[/\\]/).reverse();
  return { name, folders: folders.filter((folder) => folder !== '.').map((folder) => folder.toLowerCase()) };
}

/** NLM's files: the commas within the Python list make a field of each image. */
function* cellMapping(rows: readonly string[][]): Generator<[string, string]> {
  for (const [slide, ...fields] of rows) {
    const patient = nihPatient(slide) ?? slide;
    for (const [, image] of fields.join(',').matchAll(/'([^']+)'/g)) yield [image, patient];
  }
}

function imagePatientPairs(path: string, rows: readonly string[][]): [string, string][] {
  const [first = []] = rows;
  const header = first.map((field) => field.toLowerCase());
  let image = header.findIndex((field) => nameColumns.includes(field));
  let patient = header.findIndex((field) => patientColumns.includes(field));
  const named = image >= 0 && patient >= 0;
  if (!named) {
    image = first.findIndex((field) => imageEnding.test(field));
    patient = 1 - image;
    if (first.length !== 2 || image < 0) {
      throw new GiemsaError(
        'bad-csv',
        `${path}: cannot tell which column is the image and which the patient. Give it a first line with "name" and` +
          ` "patient", or just these two columns. Received: ${first.join(',').slice(0, 100)}`,
      );
    }
  }
  return rows.slice(named ? 1 : 0).map((row, i) => {
    if (!row[image] || !row[patient]) {
      throw new GiemsaError(
        'bad-csv',
        `${path}, row ${i + (named ? 2 : 1)}: an image or its patient is missing`,
      );
    }
    return [row[image], row[patient]];
  });
}
