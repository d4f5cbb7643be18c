import type { Label } from '../dataset/cell.ts';
import type { PredictionRow } from '../evaluation/prediction.ts';

/** A cell by how likely its label is wrong. */
export interface RankedLabel {
  readonly name: string;
  /** As published. */
  readonly label: Label;
  readonly patient: string;
  /** Of parasitized, by a model that has not seen the patient. */
  readonly probability: number;
  /** From 1, the most doubtful. */
  readonly rank: number;
  /** 1 less the self-confidence: the model's probability of the other label. */
  readonly score: number;
  /** Whether the model is as sure of the other label as it is of that label's own cells on average. */
  readonly suspected: boolean;
}

/** Mean probability of a label over the cells that have it: how sure the model is of a typical one. */
export type SelfConfidence = Readonly<Record<Label, number | null>>;

/**
 * Ranks cells by how likely their label is wrong: confident learning (Northcutt, Jiang and Chuang 2021, "Confident learning:
 * estimating uncertainty in dataset labels", arXiv 1911.00068).
 *
 * The threshold of a label is the mean self-confidence of the cells that have it, so a model that is less sure of one label does
 * not make all its cells suspect. A cell is suspected where the probability of the other label reaches that label's threshold and
 * is above that of its own (an off-diagonal entry of the confident joint, ties of both thresholds going to the likelier label).
 * With two labels, the paper's two rankings, by self-confidence and by normalised margin, are the same order: the margin is
 * 1 - 2 * score.
 *
 * @param predictions out-of-fold: none by a model that has seen the cell's patient
 */
export function rankLabels(predictions: readonly PredictionRow[]): {
  readonly ranked: readonly RankedLabel[];
  readonly selfConfidence: SelfConfidence;
} {
  const selfConfidence = {
    parasitized: meanSelfConfidence(predictions, 'parasitized'),
    uninfected: meanSelfConfidence(predictions, 'uninfected'),
  };
  const ranked = predictions
    .map((prediction) => {
      const { name, label, patient, probability } = prediction;
      const score = 1 - confidence(prediction);
      const threshold = selfConfidence[other(label)];
      const suspected = threshold !== null && score >= threshold && score > 0.5;
      return { name, label, patient, probability, score, suspected };
    })
    .sort((a, b) => b.score - a.score || byText(a.label, b.label) || byText(a.name, b.name))
    .map((row, i) => ({ ...row, rank: i + 1 }));
  return { ranked, selfConfidence };
}

/** The probability of the label that the cell has. */
function confidence({ label, probability }: PredictionRow): number {
  return label === 'parasitized' ? probability : 1 - probability;
}

/** Null where no cell has the label. */
function meanSelfConfidence(predictions: readonly PredictionRow[], label: Label): number | null {
  const own = predictions.filter((prediction) => prediction.label === label);
  return own.length === 0 ? null : own.reduce((sum, row) => sum + confidence(row), 0) / own.length;
}

function other(label: Label): Label {
  return label === 'parasitized' ? 'uninfected' : 'parasitized';
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
