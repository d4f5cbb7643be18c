import { type BootstrapOptions, leaveOneOutWeights, resampleWeights } from './bootstrap.ts';
import { EvaluationError } from './errors.ts';
import { type Interval, studentMargin } from './interval.ts';
import { healthyPatients, type PredictionRow } from './prediction.ts';
import { type Unit, type Units, unitFor, unitsOf } from './units.ts';
import { INTERVAL_NAMES, type IntervalName, weightedFigures } from './weighted-figures.ts';

/** Predictions of one part, and the threshold they are judged at. */
export interface ComparedPredictions {
  readonly predictions: readonly PredictionRow[];
  readonly threshold: number;
}

export interface Difference {
  readonly a: number;
  readonly b: number;
  /** b - a. */
  readonly difference: number;
  /** 95 %; null where no spread can be told. */
  readonly interval: Interval | null;
}

export interface Comparison {
  /** Cells in both, and in one only, matched by label and name. */
  readonly matched: number;
  readonly onlyA: number;
  readonly onlyB: number;
  /** Whether the differences are of the same cells; else each side keeps its own. */
  readonly paired: boolean;
  readonly unit: Unit;
  readonly differences: Readonly<Partial<Record<IntervalName, Difference>>>;
}

export interface ComparisonOptions extends BootstrapOptions {
  /** Judge each side on its own cells, also those that the other has not. */
  readonly onOwnCells?: boolean;
  /** Patients none of whose cells is parasitized; told from the predictions where missing. */
  readonly healthy?: ReadonlySet<string>;
}

/**
 * Figures of two sets of predictions and their differences, on the same cells where the two have any in common. Intervals
 * are by bootstrap over the patients of both together: one that is drawn counts on both sides, so what the sides share does
 * not blur the difference.
 *
 * @throws EvaluationError `wrong-scores`; `other-patient` where a cell is of one patient here and of another there
 */
export function compare(
  a: ComparedPredictions,
  b: ComparedPredictions,
  options: ComparisonOptions = {},
): Comparison {
  const inA = new Set(a.predictions.map(keyOf));
  const inB = new Set(b.predictions.map(keyOf));
  const matched = [...inA].filter((key) => inB.has(key)).length;
  const paired = matched > 0 && !options.onOwnCells;
  const restrict = ({ predictions }: ComparedPredictions, other: Set<string>) =>
    paired ? predictions.filter((row) => other.has(keyOf(row))) : predictions;
  const [rowsA, rowsB] = withPatientsOfBoth(restrict(a, inB), restrict(b, inA), paired);
  const unit = unitFor([...rowsA, ...rowsB]);
  const healthy = options.healthy ?? healthyPatients([...rowsA, ...rowsB]);
  const both = unitsOf(uniqueCells([...rowsA, ...rowsB]), healthy, unit);
  const sides = [
    { rows: rowsA, threshold: a.threshold },
    { rows: rowsB, threshold: b.threshold },
  ].map(({ rows, threshold }) => {
    const units = unitsOf(rows, healthy, unit);
    return { figures: weightedFigures(units, threshold), places: placesIn(both, units) };
  });
  const [figuresA, figuresB] = sides.map(({ figures, places }) => {
    const own = new Float64Array(places.length);
    return (weights: Float64Array) => {
      for (let i = 0; i < own.length; i++) own[i] = weights[places[i]];
      return figures(own);
    };
  });
  const all = new Float64Array(both.count).fill(1);
  const [pointA, pointB] = [figuresA(all), figuresB(all)];
  const differenceOf = (weights: Float64Array) => {
    const [x, y] = [figuresA(weights), figuresB(weights)];
    return (name: IntervalName) => y[name] - x[name];
  };
  const resampled = Array.from(resampleWeights(both, options), differenceOf);
  const leftOut = unit === 'patient' ? Array.from(leaveOneOutWeights(both), differenceOf) : undefined;
  const differences = INTERVAL_NAMES.flatMap((name) => {
    const difference = pointB[name] - pointA[name];
    if (!Number.isFinite(difference)) return [];
    const margin = studentMargin(
      Float64Array.from(resampled, (of) => of(name)),
      leftOut ? both.strata.map((stratum) => Array.from(stratum, (i) => leftOut[i](name))) : [],
    );
    const interval: Interval | null =
      margin === undefined ? null : [difference - margin, difference + margin];
    return [[name, { a: pointA[name], b: pointB[name], difference, interval }] as const];
  });
  return {
    matched,
    onlyA: inA.size - matched,
    onlyB: inB.size - matched,
    paired,
    unit,
    differences: Object.fromEntries(differences),
  };
}

function keyOf({ label, name }: PredictionRow): string {
  return `${label}/${name}`;
}

/** Rows of matched cells, each with the patient that either side knows. */
function withPatientsOfBoth(
  a: readonly PredictionRow[],
  b: readonly PredictionRow[],
  paired: boolean,
): [readonly PredictionRow[], readonly PredictionRow[]] {
  if (!paired) return [a, b];
  const [ofA, ofB] = [patientsOf(a), patientsOf(b)];
  for (const row of a) {
    const [one, other] = [ofA, ofB].map((patients) => patients.get(keyOf(row)));
    if (!one || !other || one === other) continue;
    throw new EvaluationError(
      'other-patient',
      `the cell ${JSON.stringify(row.name)} is of patient ${JSON.stringify(one)} in the first and of ${JSON.stringify(other)} in the second: both need the same names of patients`,
    );
  }
  const filled = (rows: readonly PredictionRow[], from: ReadonlyMap<string, string>) =>
    rows.map((row) => (row.patient === '' ? { ...row, patient: from.get(keyOf(row)) ?? '' } : row));
  return [filled(a, ofB), filled(b, ofA)];
}

/** By cell; empty where it is not known, or cells of several patients have one name. */
function patientsOf(predictions: readonly PredictionRow[]): Map<string, string> {
  const patients = new Map<string, string>();
  for (const row of predictions) {
    const known = patients.get(keyOf(row)) ?? row.patient;
    patients.set(keyOf(row), known === row.patient ? known : '');
  }
  return patients;
}

function uniqueCells(predictions: readonly PredictionRow[]): PredictionRow[] {
  return [...new Map(predictions.map((row) => [keyOf(row), row])).values()];
}

/** For each unit of `some` its number in `all`. */
function placesIn(all: Units, some: Units): number[] {
  const numbers = new Map(all.names.map((name, i) => [name, i]));
  return some.names.map((name) => numbers.get(name) ?? 0);
}
