import { checkScores } from './curve.ts';
import { labelNumber, type PredictionRow } from './prediction.ts';

/**
 * What is drawn again in a bootstrap: patients, with all their cells; or single cells, which pretends that cells of one
 * patient have nothing in common.
 */
export type Unit = 'patient' | 'cell';

/** Cells of patients (or of one cell each), ranked once, so that a resample is no more than a weight for each unit. */
export interface Units {
  readonly unit: Unit;
  /** How many; they are numbered from 0. */
  readonly count: number;
  /** Patients' names, or label and name of the cells, by number. */
  readonly names: readonly string[];
  /** Numbers of the units that are drawn among each other: infected and healthy patients; parasitized and uninfected cells. */
  readonly strata: readonly Uint32Array[];
  /** Unit, label (1 parasitized) and probability of the cells, from the highest score down. */
  readonly unitOf: Uint32Array;
  readonly labels: Uint8Array;
  readonly probabilities: Float64Array;
  /** 1 where the next cell has another score. */
  readonly lastOfScore: Uint8Array;
  /** 1 for cells of healthy patients. */
  readonly healthy: Uint8Array;
}

/**
 * @param healthy patients none of whose cells is parasitized, as published
 * @throws EvaluationError `wrong-scores`
 */
export function unitsOf(
  predictions: readonly PredictionRow[],
  healthy: ReadonlySet<string>,
  unit: Unit = unitFor(predictions),
): Units {
  checkScores(
    predictions.map(({ probability }) => probability),
    predictions.map(labelNumber),
  );
  const ranked = [...predictions].sort((a, b) => b.probability - a.probability);
  const keyOf = ({ name, label, patient }: PredictionRow) =>
    unit === 'patient' ? patient : `${label}/${name}`;
  // Units are numbered in the order of their names, so that the order of the rows changes no draw.
  const stratumOf = new Map(
    predictions.map((row) => {
      const second = unit === 'patient' ? healthy.has(row.patient) : row.label === 'uninfected';
      return [keyOf(row), second ? 1 : 0];
    }),
  );
  const names = [...stratumOf.keys()].sort();
  const numbers = new Map(names.map((name, i) => [name, i]));
  const strata = [0, 1].map((stratum) =>
    Uint32Array.from([...names.keys()].filter((i) => stratumOf.get(names[i]) === stratum)),
  );
  return {
    unit,
    count: names.length,
    names,
    strata: strata.filter(({ length }) => length > 0),
    unitOf: Uint32Array.from(ranked, (row) => numbers.get(keyOf(row)) ?? 0),
    labels: Uint8Array.from(ranked, labelNumber),
    probabilities: Float64Array.from(ranked, ({ probability }) => probability),
    lastOfScore: Uint8Array.from(ranked, ({ probability }, i) =>
      ranked[i + 1]?.probability === probability ? 0 : 1,
    ),
    healthy: Uint8Array.from(ranked, ({ patient }) => (healthy.has(patient) ? 1 : 0)),
  };
}

/** Patients, where every cell's is known. */
export function unitFor(predictions: readonly PredictionRow[]): Unit {
  return predictions.every(({ patient }) => patient !== '') ? 'patient' : 'cell';
}
