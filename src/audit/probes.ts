import type { Cell } from '../dataset/cell.ts';
import { drawFolds } from '../dataset/draw-folds.ts';
import { pythonRandom } from '../dataset/python-random.ts';
import { scoreCurve } from '../evaluation/curve.ts';
import { fitBoosting } from '../evaluation/gradient-boosting.ts';
import { rocAuc } from '../evaluation/metrics.ts';
import { labelNumber } from '../evaluation/prediction.ts';
import type { CellFacts } from './cell-facts.ts';

/** How well something that is no parasite predicts the label of cells it was not fitted to. */
export interface Probe {
  readonly name: (typeof PROBE_NAMES)[number];
  /** Null where the folds cannot be made. */
  readonly random: ProbeResult | null;
  readonly patientDisjoint: ProbeResult | null;
}

export interface ProbeResult {
  /** Mean of the folds'. */
  readonly rocAuc: number;
  /** Of each fold that has both labels. */
  readonly folds: readonly number[];
}

export const PROBE_NAMES = ['width and height', 'mean colour', 'size and colour', 'patient alone'] as const;

const FOLDS = 5;

/** Fits to some cells and scores others. */
type Predict = (train: readonly CellFacts[], test: readonly CellFacts[]) => number[];

const size = ({ width, height }: CellFacts) => [width, height];
const colour = (facts: CellFacts) => facts.colour;

const PREDICTORS: Readonly<Record<Probe['name'], Predict>> = {
  'width and height': boosted(size),
  'mean colour': boosted(colour),
  'size and colour': boosted((facts) => [...size(facts), ...colour(facts)]),
  'patient alone': patientRate,
};

/** Tries every probe with random folds, where patients are in several, and with patient-disjoint ones; five of each. */
export function runProbes(facts: readonly CellFacts[], seed: number, onProbe: () => void): Probe[] {
  const random = randomFolds(facts, seed);
  const disjoint = patientFolds(facts, seed);
  const patientsKnown = facts.every(({ cell }) => cell.patient !== '');
  return PROBE_NAMES.map((name) => {
    const ask = (foldOf: readonly number[] | undefined) =>
      foldOf && (name !== 'patient alone' || patientsKnown)
        ? crossValidated(facts, foldOf, PREDICTORS[name])
        : null;
    const probe = { name, random: ask(random), patientDisjoint: ask(disjoint) };
    onProbe();
    return probe;
  });
}

/** The fold of each cell, drawn by cell, each label alike; undefined where a label has too few cells. */
function randomFolds(facts: readonly CellFacts[], seed: number): number[] | undefined {
  const draw = pythonRandom(seed);
  const foldOf = new Array<number>(facts.length);
  for (const label of ['parasitized', 'uninfected'] as const) {
    const own = [...facts.keys()].filter((i) => facts[i].cell.label === label);
    if (own.length < FOLDS) return undefined;
    for (const [rank, i] of draw.shuffle(own).entries()) foldOf[i] = rank % FOLDS;
  }
  return foldOf;
}

/** The fold of each cell, drawn by patient; undefined where patients are not known or too few are infected. */
function patientFolds(facts: readonly CellFacts[], seed: number): number[] | undefined {
  const cells: Cell[] = facts.map(({ cell }) => cell);
  const infected = new Set(
    cells.filter(({ label }) => label === 'parasitized').map(({ patient }) => patient),
  );
  if (cells.some(({ patient }) => patient === '') || infected.size < FOLDS) return undefined;
  const foldOf = drawFolds(cells, { folds: FOLDS, seed });
  return cells.map(({ patient }) => foldOf.get(patient) ?? 0);
}

function crossValidated(
  facts: readonly CellFacts[],
  foldOf: readonly number[],
  predict: Predict,
): ProbeResult | null {
  const folds: number[] = [];
  for (let fold = 0; fold < FOLDS; fold++) {
    const test = facts.filter((_, i) => foldOf[i] === fold);
    const scores = predict(
      facts.filter((_, i) => foldOf[i] !== fold),
      test,
    );
    const auc = rocAuc(
      scoreCurve(
        scores,
        test.map(({ cell }) => labelNumber(cell)),
      ),
    );
    if (auc !== null) folds.push(auc);
  }
  if (folds.length === 0) return null;
  return { rocAuc: folds.reduce((sum, auc) => sum + auc, 0) / folds.length, folds };
}

function boosted(features: (facts: CellFacts) => readonly number[]): Predict {
  return (train, test) => {
    const labels = train.map(({ cell }) => labelNumber(cell));
    return test.map(features).map(fitBoosting(train.map(features), labels));
  };
}

/** The share of parasitized cells among those of the same patient; of all, for a patient never seen. */
function patientRate(train: readonly CellFacts[], test: readonly CellFacts[]): number[] {
  const overall = train.reduce((sum, { cell }) => sum + labelNumber(cell), 0) / train.length;
  const counts = new Map<string, { parasitized: number; cells: number }>();
  for (const { cell } of train) {
    const { parasitized, cells } = counts.get(cell.patient) ?? { parasitized: 0, cells: 0 };
    counts.set(cell.patient, { parasitized: parasitized + labelNumber(cell), cells: cells + 1 });
  }
  return test.map(({ cell }) => {
    const own = counts.get(cell.patient);
    return own ? own.parasitized / own.cells : overall;
  });
}
