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

/**
 * The patient of each image by file name, from one or more CSV files of image and patient: with a header that names the
 * two columns, or two columns without one, in either order. NLM's own `patientid_cellmapping_*.csv` are read as they
 * are (no header; a slide, then a Python list of its images); there the patient is that of the slide's name.
 */
export async function readPatients(paths: readonly string[]): Promise<Map<string, string>> {
  const patients = new Map<string, string>();
  for (const path of paths) {
    const rows = (await readCsvRows(path)).map((row) => row.map((field) => field.trim()));
    const pairs = rows[0]?.[1]?.startsWith('[') ? cellMapping(rows) : imagePatientPairs(path, rows);
    for (const [image, patient] of pairs) {
      const name = image.slice(Math.max(image.lastIndexOf('/'), image.lastIndexOf('\\')) + 1);
      const before = patients.get(name);
      if (before !== undefined && before !== patient) {
        throw new GiemsaError(
          'bad-csv',
          `${path} gives ${name} the patient ${patient}, but it already is one of ${before}`,
        );
      }
      patients.set(name, patient);
    }
  }
  return patients;
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
