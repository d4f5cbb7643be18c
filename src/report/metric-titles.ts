/** The figures of an evaluation that a report lists, in order. */
export const METRICS = [
  ['rocAuc', 'ROC AUC'],
  ['prAuc', 'PR AUC (average precision)'],
  ['sensitivity', 'Sensitivity'],
  ['specificity', 'Specificity'],
  ['ppv', 'PPV'],
  ['npv', 'NPV'],
  ['accuracy', 'Accuracy'],
  ['balancedAccuracy', 'Balanced accuracy'],
  ['f1', 'F1'],
  ['mcc', 'MCC'],
  ['brier', 'Brier score'],
  ['ece', 'ECE'],
] as const;

export type MetricName = (typeof METRICS)[number][0];
