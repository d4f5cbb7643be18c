export {
  type Audit,
  type AuditOptions,
  type AuditResult,
  auditDataset,
  type LabelCounts,
  type SplitFacts,
} from './audit/audit.ts';
export type { CellFacts } from './audit/cell-facts.ts';
export type { PartCounts, PatientCells, PatientCounts, Range, Sizes } from './audit/counts.ts';
export type { DuplicateGroup, Duplicates } from './audit/duplicates.ts';
export type { Probe, ProbeResult } from './audit/probes.ts';
export type { Cell, Label } from './dataset/cell.ts';
export { type Dataset, type DatasetOptions, openDataset } from './dataset/dataset.ts';
export { drawFolds } from './dataset/draw-folds.ts';
export type { DownloadTiming } from './dataset/fetch/download.ts';
export {
  type DatasetSource,
  type FetchedDataset,
  type FetchOptions,
  fetchDataset,
} from './dataset/fetch/fetch-dataset.ts';
export { NIH } from './dataset/fetch/nih.ts';
export { type FoldsOptions, foldsToSplit, readFolds } from './dataset/folds.ts';
export { type Input, readInputs } from './dataset/inputs.ts';
export { type ReviewRow, readReview } from './dataset/label-sets.ts';
export {
  type Part,
  type Ratio,
  readSplit,
  type SplitRow,
  splitFingerprint,
  writeSplit,
} from './dataset/split.ts';
export { splitByCell } from './dataset/split-by-cell.ts';
export { splitByPatient } from './dataset/split-by-patient.ts';
export { type SplitFoldersOptions, splitFolders } from './dataset/split-folders.ts';
export * from './library.ts';
export { type LoadOptions, loadClassifier } from './load-classifier.ts';
export {
  type CrossValidationOptions,
  type CrossValidationResult,
  type FoldEvent,
  runCrossValidation,
} from './training/cross-validation.ts';
export type {
  CrossValidationMetrics,
  FoldEvaluation,
  FoldSpread,
} from './training/cross-validation-metrics.ts';
export type { FoldsInput } from './training/cross-validation-splits.ts';
export type { ResultKind, StepEvent, TrainingEvent } from './training/events.ts';
export type { HistoryRow, PartFigures } from './training/history.ts';
export { loadRecipe } from './training/load-recipe.ts';
export type { Ended, StopReason } from './training/loop.ts';
export type { TrainingOptions, TrainingResult } from './training/options.ts';
export type { DataRecord } from './training/run-folder.ts';
export type { Place } from './training/state.ts';
export { runTraining } from './training/train.ts';
