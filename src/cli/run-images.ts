import { openDataset } from '../dataset/dataset.ts';
import type { PredictionRow } from '../evaluation/evaluate.ts';
import { sample } from '../recipes/random.ts';
import type { RunImages } from '../report/run-figures.ts';
import { cellFinder, withImages } from './predicted-cells.ts';
import type { StoredRun } from './run-evidence.ts';

/** Cells shown as a batch, and of each kind of mistake. */
const BATCH = 32;
const WORST = 16;

export interface RunImagesOptions {
  readonly path: string;
  /** Called for each image that cannot be read; it is not shown. */
  readonly onUnreadable: (path: string, reason: string) => void;
  /** Called with what the user should know. */
  readonly onNote: (text: string) => void;
}

/**
 * The cells that a report shows: a batch drawn by the run's seed, and the worst mistakes.
 *
 * @throws GiemsaError `data-mismatch` where the data lack a cell of the run
 */
export async function readRunImages(
  { run, predictions, evaluation }: StoredRun,
  { path, onUnreadable, onNote }: RunImagesOptions,
): Promise<RunImages> {
  const { labelFolders, fingerprint } = run.data;
  const dataset = await openDataset(path, labelFolders ? { labelFolders } : {});
  try {
    if (dataset.fingerprint !== fingerprint) {
      onNote(
        `Warning: the cells in ${path} are not quite those of the run: the data have another fingerprint.`,
      );
    }
    const cellOf = cellFinder(dataset, path);
    const { threshold } = evaluation;
    const missed = predictions
      .filter(({ label, probability }) => label === 'parasitized' && probability < threshold)
      .sort((a, b) => a.probability - b.probability || byName(a, b))
      .slice(0, WORST);
    const falseCalls = predictions
      .filter(({ label, probability }) => label === 'uninfected' && probability >= threshold)
      .sort((a, b) => b.probability - a.probability || byName(a, b))
      .slice(0, WORST);
    return {
      batch: await withImages(sample(predictions, BATCH, run.seed), cellOf, onUnreadable),
      missed: await withImages(missed, cellOf, onUnreadable),
      falseCalls: await withImages(falseCalls, cellOf, onUnreadable),
    };
  } finally {
    await dataset.close();
  }
}

function byName(a: PredictionRow, b: PredictionRow): number {
  return a.name < b.name ? -1 : 1;
}
