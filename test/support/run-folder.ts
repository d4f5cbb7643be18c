import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { type DrawnCell, drawCells } from '../../src/cells/draw.ts';
import { encodePng } from '../../src/cells/encode.ts';
import { openDataset } from '../../src/dataset/dataset.ts';
import { evaluatePart, type PredictionRow } from '../../src/evaluation/evaluate.ts';
import { random } from '../../src/recipes/random.ts';
import { writeFiles } from './temporary.ts';
import { smallRecipe } from './training.ts';

export interface MadeRun {
  readonly run: string;
  readonly data: string;
  readonly predictions: readonly PredictionRow[];
}

/** Writes what a training leaves, with probabilities made up: no network is trained. Drawn cells are its data. */
export async function makeRun(folder: string, { protocol = 'patient-disjoint' } = {}): Promise<MadeRun> {
  const [run, data] = [join(folder, 'run'), join(folder, 'cells')];
  const cells = drawCells({ count: 300, seed: 3 });
  writeFiles(data, Object.fromEntries(cells.map((cell) => [fileOf(cell), encodePng(cell.image)])));
  const dataset = await openDataset(data);
  await dataset.close();
  const predictions = predict(cells);
  const metrics = evaluatePart(predictions, {
    protocol,
    recipe: 'small',
    labelSet: 'published',
    part: 'test',
  });
  const record = {
    giemsa: { version: '1.2.3', commit: null },
    resumedWith: [],
    ...{ node: 'v20.0.0', platform: 'linux-x64', recipe: smallRecipe, seed: 1, threads: 1, fast: false },
    data: { path: '/home/somebody/cells', fingerprint: dataset.fingerprint, labelSet: 'published' },
    split: { fingerprint: 'f00', protocol, cells: { train: 200, val: 100, test: 200 } },
    leftOut: [],
    status: 'finished',
    kept: { epoch: 2, metric: 'rocAuc', value: 0.9 },
    times: {
      started: '2026-01-01T00:00:00.000Z',
      finished: '2026-01-01T00:01:00.000Z',
      seconds: 60,
      waitedForPixels: 0,
    },
  };
  writeFiles(run, {
    'run.json': JSON.stringify(record),
    'metrics.json': JSON.stringify(metrics),
    'predictions.csv': stringify(predictions, { header: true, cast: { number: String } }),
    'history.csv': HISTORY,
  });
  return { run, data, predictions };
}

const HISTORY = `epoch,learningRate,trainLoss,trainAccuracy,trainRocAuc,valLoss,valAccuracy,valRocAuc,seconds
1,0.001,0.7,0.6,0.65,0.6,0.7,0.75,10
2,0.001,0.4,0.8,0.85,0.5,0.8,0.9,10
3,0.001,0.2,0.9,0.95,0.55,0.79,,10
`;

function fileOf({ label, name }: DrawnCell): string {
  return `${label === 'parasitized' ? 'Parasitized' : 'Uninfected'}/${name}`;
}

/** A third of the patients validate, the others test; parasitized cells mostly score higher. */
function predict(cells: readonly DrawnCell[]): PredictionRow[] {
  const draw = random(5);
  return cells.map(({ name, label, patient }) => ({
    name,
    label,
    patient,
    part: Number(patient.slice(1)) % 3 === 0 ? 'val' : 'test',
    probability: label === 'parasitized' ? 1 - draw() ** 2 * 0.9 : draw() ** 2 * 0.9,
  }));
}
