export { type Audit, type AuditOptions, auditDataset } from './audit/audit.ts';
export { type Dataset, openDataset } from './dataset/dataset.ts';
export { drawFolds } from './dataset/draw-folds.ts';
export {
  type DatasetSource,
  type FetchedDataset,
  type FetchOptions,
  fetchDataset,
} from './dataset/fetch/fetch-dataset.ts';
export { NIH } from './dataset/fetch/nih.ts';
export { foldsToSplit, readFolds } from './dataset/folds.ts';
export { type Input, readInputs } from './dataset/inputs.ts';
export { readSplit, type SplitRow, splitFingerprint, writeSplit } from './dataset/split.ts';
export { splitByCell } from './dataset/split-by-cell.ts';
export { splitByPatient } from './dataset/split-by-patient.ts';
export { splitFolders } from './dataset/split-folders.ts';
export * from './library.ts';
export { type LoadOptions, loadClassifier } from './load-classifier.ts';
export {
  type CrossValidationOptions,
  type CrossValidationResult,
  runCrossValidation,
} from './training/cross-validation.ts';
export type { CrossValidationMetrics } from './training/cross-validation-metrics.ts';
export { loadRecipe } from './training/load-recipe.ts';
export type { TrainingOptions, TrainingResult } from './training/options.ts';
export { runTraining } from './training/train.ts';
