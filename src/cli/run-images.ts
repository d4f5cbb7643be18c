import { GiemsaError } from '../cells/errors.ts';
import type { Cell } from '../dataset/cell.ts';
import { type Dataset, openDataset } from '../dataset/dataset.ts';
import { decodeAhead } from '../dataset/decode-ahead.ts';
import type { Prediction } from '../evaluation/evaluate.ts';
import { sample } from '../recipes/random.ts';
import type { RunImages } from '../report/run-figures.ts';
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
    const cellOf = finder(dataset, path);
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

function byName(a: Prediction, b: Prediction): number {
  return a.name < b.name ? -1 : 1;
}

function finder(dataset: Dataset, path: string): (row: Prediction) => Cell {
  const cells = new Map(dataset.cells.map((cell) => [`${cell.label}/${cell.name}`, cell]));
  return ({ label, name }) => {
    const cell = cells.get(`${label}/${name}`);
    if (cell) return cell;
    throw new GiemsaError(
      'data-mismatch',
      `${path} has no cell ${label}/${name}, which the run predicted: give its data`,
    );
  };
}

async function withImages(
  rows: readonly Prediction[],
  cellOf: (row: Prediction) => Cell,
  onUnreadable: RunImagesOptions['onUnreadable'],
) {
  async function* inputs() {
    for (const row of rows) {
      const cell = cellOf(row);
      yield { row, path: cell.path, read: cell.read };
    }
  }
  const found = [];
  for await (const { input, image } of decodeAhead(inputs(), 1)) {
    if (image instanceof GiemsaError) onUnreadable(input.path, image.message);
    else found.push({ ...input.row, image });
  }
  return found;
}
