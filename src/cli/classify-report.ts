import { basename } from 'node:path';
import { nihPatient, nihSlide } from '../dataset/nih-names.ts';
import { patientOfPath, readPatients } from '../dataset/patients.ts';
import { checkFile, writeFileWhole } from '../dataset/write-file.ts';
import { readModelFile } from '../load-classifier.ts';
import { sha256 } from '../model/checksum.ts';
import type { ModelMetadata } from '../model/metadata.ts';
import type { Prediction } from '../model/prediction.ts';
import { classificationReport, type ReportScale } from '../report/classification-report.ts';
import { gatherImages } from '../report/classified-images.ts';
import { thumbnailOf } from '../report/thumbnails.ts';
import { packageVersion } from '../training/version.ts';
import type { Classified } from './classify-images.ts';

export interface ClassifyReportOptions {
  /** The HTML file to write. */
  readonly path: string;
  /** Of the model file; undefined for the package's own. */
  readonly model: string | undefined;
  readonly metadata: ModelMetadata;
  readonly scale: ReportScale;
  /** CSV files of image and patient; undefined: by NIH file names. */
  readonly patients: readonly string[] | undefined;
}

/**
 * Gathers what is classified and writes it as one HTML file, whole or not at all.
 *
 * @throws GiemsaError at once where the files of patients are wrong, or the report could not be written
 */
export async function openClassifyReport(options: ClassifyReportOptions) {
  const { path, model, metadata, scale } = options;
  await checkFile(path);
  const patientOfFile = await patientReader(options.patients);
  const gathered = gatherImages(scale.modelThreshold);
  return {
    keep: thumbnailOf,
    /** @param label on the printed scale */
    add({ file, prediction, kept, label }: Classified & Pick<Prediction, 'label'>): void {
      gathered.add({ ...prediction, label, file, patient: patientOfFile(file), image: kept });
    },
    async write(): Promise<void> {
      const bytes = new Uint8Array(await readModelFile(model));
      const html = classificationReport({
        images: gathered.result(),
        model: {
          file: model ?? 'models/default.onnx (the package’s own)',
          sha256: await sha256(bytes),
          metadata,
        },
        scale,
        version: (await packageVersion()).version,
      });
      await writeFileWhole(path, html);
    },
  };
}

async function patientReader(files: readonly string[] | undefined): Promise<(file: string) => string> {
  if (files === undefined) return (file) => nihPatient(nihSlide(basename(file)) ?? '') ?? '';
  const patients = await readPatients(files);
  return (file) => patientOfPath(patients, file) ?? '';
}
