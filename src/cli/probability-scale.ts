import { GiemsaError } from '../cells/errors.ts';
import { atPrevalence } from '../evaluation/prevalence.ts';
import type { ModelMetadata } from '../model/metadata.ts';
import type { Prediction } from '../model/prediction.ts';
import type { ReportScale } from '../report/classification-report.ts';

export interface ScaleOptions {
  /** On the scale of the probabilities that are printed; the model's own where missing. */
  readonly threshold?: number;
  /** Share of infected cells, above 0 and below 1. */
  readonly prevalence?: number;
}

/**
 * The scale of the probabilities that `classify` prints: the model's own, or the one of a stated prevalence. Parasitized
 * always means that the printed probability is at least the printed threshold. The model's own threshold moves with the
 * probabilities, so that a prevalence alone changes no label: sensitivity and specificity, for which it was chosen, do
 * not depend on how many cells are infected.
 *
 * @throws GiemsaError `no-prior`
 */
export function probabilityScale(
  { threshold: own, chosenOn, prior }: ModelMetadata,
  { threshold, prevalence }: ScaleOptions,
): ReportScale {
  const chosen =
    threshold !== undefined
      ? 'as given with --threshold'
      : chosenOn === 'nothing'
        ? 'chosen on nothing'
        : `chosen on ${chosenOn}`;
  if (prevalence === undefined) {
    const used = threshold ?? own;
    return {
      threshold: used,
      modelThreshold: used,
      chosenOn: chosen,
      prevalence,
      of: (probability) => probability,
    };
  }
  if (!(prior > 0 && prior < 1)) {
    throw new GiemsaError(
      'no-prior',
      `--prevalence needs the share of parasitized cells that the model was trained on, between 0 and 1; the model’s prior is ${prior}`,
    );
  }
  const of = (probability: number) => atPrevalence(probability, prior, prevalence);
  return {
    threshold: threshold ?? of(own),
    modelThreshold: threshold === undefined ? own : atPrevalence(threshold, prevalence, prior),
    chosenOn: chosen,
    prevalence,
    of,
  };
}

/** The prediction on the printed scale; what is indeterminate or could not be read stays so. */
export function onScale(prediction: Prediction, { of, threshold }: ReportScale): Prediction {
  if (prediction.error !== null) return { ...prediction, threshold };
  const probability = of(prediction.probability);
  const called = probability >= threshold ? 'parasitized' : 'uninfected';
  const label = prediction.label === 'indeterminate' ? prediction.label : called;
  return { ...prediction, label, probability, threshold };
}
