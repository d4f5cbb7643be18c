// Figures of rows {name, field, type, probability}, with intervals from a bootstrap of fields.
import { healthyFigures } from '../../dist/evaluation/healthy.js';
import { intervalsOf } from '../../dist/evaluation/intervals.js';
import { evaluate } from '../../dist/evaluation/metrics.js';
import { healthyPatients } from '../../dist/evaluation/prediction.js';
import { unitsOf } from '../../dist/evaluation/units.js';

/** Of every figure. */
export const BOOTSTRAP = { resamples: 2000, seed: 1 };

/** Fields take the place of patients. */
function predictionsOf(rows, isParasitized) {
  return rows.map(({ name, field, type, probability }) => ({
    name,
    label: isParasitized(type) ? 'parasitized' : 'uninfected',
    patient: field,
    part: 'external',
    probability,
  }));
}

/** ROC AUC of one group of types against another, with its interval. */
export function rocAucOf(rows, parasitized, uninfected) {
  const chosen = rows.filter(({ type }) => parasitized.includes(type) || uninfected.includes(type));
  const predictions = predictionsOf(chosen, (type) => parasitized.includes(type));
  const positives = predictions.filter(({ label }) => label === 'parasitized');
  const { rocAuc } = metricsOf(predictions, 0.5);
  return {
    parasitized: positives.length,
    uninfected: predictions.length - positives.length,
    fieldsWithParasitized: new Set(positives.map(({ patient }) => patient)).size,
    rocAuc,
    interval:
      positives.length === 0
        ? null
        : (intervalsOf(unitsOf(predictions, healthyPatients(predictions), 'patient'), 0.5, BOOTSTRAP)
            .intervals.rocAuc ?? null),
  };
}

/** Sensitivity and specificity at a threshold. */
export function callsAt(rows, parasitized, threshold) {
  const predictions = predictionsOf(rows, (type) => parasitized.includes(type));
  const { sensitivity, specificity, counts } = metricsOf(predictions, threshold);
  const units = unitsOf(predictions, healthyPatients(predictions), 'patient');
  const { intervals } = intervalsOf(units, threshold, BOOTSTRAP);
  return {
    threshold,
    sensitivity,
    specificity,
    counts,
    intervals: { sensitivity: intervals.sensitivity ?? null, specificity: intervals.specificity ?? null },
  };
}

/** False calls per 1,000 cells of fields without malaria, with interval and upper bound. */
export function falseCallsAt(rows, threshold) {
  const predictions = predictionsOf(rows, () => false);
  const fields = healthyPatients(predictions);
  const rate = intervalsOf(unitsOf(predictions, fields, 'patient'), threshold, BOOTSTRAP).healthyRate;
  const { cells, falseCalls, per1000, interval, upper } = healthyFigures(
    predictions,
    fields,
    threshold,
    rate,
  );
  return { threshold, cells, falseCalls, per1000, interval, upper };
}

function metricsOf(predictions, threshold) {
  return evaluate(
    predictions.map(({ probability }) => probability),
    predictions.map(({ label }) => (label === 'parasitized' ? 1 : 0)),
    threshold,
  );
}
