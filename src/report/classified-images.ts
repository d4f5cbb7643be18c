import type { CellImage } from '../cells/image.ts';
import type { PatientCalls } from '../evaluation/called-share.ts';
import type { PredictedLabel } from '../model/prediction.ts';
import { keepThumbnails, type ThumbnailGroups } from './thumbnails.ts';

/** What `classify` found of one image. */
export interface ClassifiedImage {
  readonly file: string;
  /** Null where it could not be read, as is its probability. */
  readonly label: PredictedLabel | null;
  /** Of parasitized, as the model gives it. */
  readonly probability: number | null;
  readonly error: string | null;
  /** Why it is indeterminate; null for any other label. */
  readonly reason: string | null;
  /** Empty if not known. */
  readonly patient: string;
  /** As it is to be shown; none where it could not be read. */
  readonly image?: CellImage | undefined;
}

/** What a report says of any number of images. */
export interface ClassifiedImages {
  readonly counts: Readonly<Record<PredictedLabel | 'unreadable', number>>;
  /** Images that are indeterminate by their reason, the most frequent first. */
  readonly reasons: readonly (readonly [reason: string, images: number])[];
  /** By name; null where there are too many to be told apart. Cells are those read. */
  readonly patients: readonly PatientCalls[] | null;
  /** Images read whose patient is not known. */
  readonly withoutPatient: number;
  /** The first of those that could not be read. */
  readonly unreadable: readonly { readonly file: string; readonly error: string }[];
  readonly thumbnails: ThumbnailGroups;
}

/** More patients are not told apart, more unreadable images not listed: both are only counted. */
const MOST_PATIENTS = 10_000;
const MOST_LISTED = 200;

/** Gathers what a report says, in memory that does not grow with the number of images. */
export function gatherImages(threshold: number) {
  const counts = { parasitized: 0, uninfected: 0, indeterminate: 0, unreadable: 0 };
  const reasons = new Map<string, number>();
  const patients = new Map<string, { cells: number; called: number }>();
  const unreadable: { file: string; error: string }[] = [];
  const thumbnails = keepThumbnails(threshold);
  let withoutPatient = 0;
  let tooMany = false;

  function countPatient(patient: string, label: PredictedLabel): void {
    if (patient === '') withoutPatient++;
    if (patient === '' || tooMany) return;
    const count = patients.get(patient) ?? { cells: 0, called: 0 };
    count.cells++;
    if (label === 'parasitized') count.called++;
    patients.set(patient, count);
    tooMany = patients.size > MOST_PATIENTS;
    if (tooMany) patients.clear();
  }

  return {
    add({ file, label, probability, error, reason, patient, image }: ClassifiedImage): void {
      if (label === null || probability === null) {
        counts.unreadable++;
        if (unreadable.length < MOST_LISTED) unreadable.push({ file, error: error ?? '' });
        return;
      }
      counts[label]++;
      if (reason !== null) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      countPatient(patient, label);
      if (image) thumbnails.add({ file, label, probability, image });
    },
    result: (): ClassifiedImages => ({
      counts,
      reasons: [...reasons].sort(([, a], [, b]) => b - a),
      patients: tooMany
        ? null
        : [...patients]
            .map(([patient, count]) => ({ patient, ...count }))
            .sort((a, b) => byName.compare(a.patient, b.patient)),
      withoutPatient,
      unreadable,
      thumbnails: thumbnails.groups(),
    }),
  };
}

/** P2 before P10. */
const byName = new Intl.Collator('en', { numeric: true });
