import { leaveOneOutWeights, resampleWeights } from './bootstrap.ts';
import { type Interval, shareInterval } from './interval.ts';

/** How many cells of a patient there are, and how many of them are called parasitized. */
export interface PatientCalls {
  readonly patient: string;
  readonly cells: number;
  readonly called: number;
}

const RESAMPLES = 2000;

/**
 * 95 % interval of the share of cells called parasitized, over patients (see `shareInterval`): what other patients of the same
 * kind might give. Labels are not known, so infected and healthy patients are drawn together.
 *
 * @returns undefined where there are fewer than two patients
 */
export function calledShareInterval(patients: readonly PatientCalls[]): Interval | undefined {
  if (patients.length < 2) return undefined;
  const units = { count: patients.length, strata: [Uint32Array.from(patients.keys())] };
  const shareOf = (weights: Float64Array) => {
    let cells = 0;
    let called = 0;
    for (const [i, patient] of patients.entries()) {
      cells += weights[i] * patient.cells;
      called += weights[i] * patient.called;
    }
    return called / cells;
  };
  return shareInterval({
    estimate: shareOf(new Float64Array(patients.length).fill(1)),
    // Not Float64Array.from, which would take all weights, the same array each time, before the first share.
    resampled: Array.from(resampleWeights(units, { resamples: RESAMPLES }), shareOf),
    leftOut: [Array.from(leaveOneOutWeights(units), shareOf)],
    cells: patients.reduce((sum, { cells }) => sum + cells, 0),
  });
}
