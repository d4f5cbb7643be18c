/** What the library offers in Node and in browsers alike. */
export { type Colour, matchColour, medianColour } from './cells/colour.ts';
export { decodeImage } from './cells/decode.ts';
export { type DrawnCell, drawCells } from './cells/draw.ts';
export { type DrawnField, drawField, type PlacedCell } from './cells/draw-field.ts';
export { drawNonCells, type NonCell } from './cells/draw-non-cells.ts';
export { encodePng } from './cells/encode.ts';
export { GiemsaError } from './cells/errors.ts';
export { cutCell } from './cells/field/cut.ts';
export { type Box, type CellRegion, diameterOf, touchesEdge } from './cells/field/regions.ts';
export { type CellSeed, seedOfBox, seedOfPoint } from './cells/field/seeds.ts';
export { segmentCells } from './cells/field/segment.ts';
export type { CellImage } from './cells/image.ts';
export type { ImageLimits } from './cells/limits.ts';
export type { Measure, Unusual, UsualAppearance } from './cells/unusual.ts';
export { createEngine, type Engine, type EngineMath, type EngineOptions } from './engine/engine.ts';
export { EngineError } from './engine/errors.ts';
export type { KernelCall, Plan } from './engine/plan.ts';
export type { BootstrapOptions } from './evaluation/bootstrap.ts';
export { EvaluationError } from './evaluation/errors.ts';
export {
  type Evaluation,
  type EvaluationOptions,
  evaluatePart,
  type FoldFigures,
  type LabelSetFigures,
  type OtherLabelSet,
  type Protocol,
} from './evaluation/evaluate.ts';
export type { FalseCallRate, FalseCalls } from './evaluation/false-calls.ts';
export type { Figures } from './evaluation/figures.ts';
export type { IndeterminateFigures } from './evaluation/indeterminate.ts';
export type { IndeterminateBand } from './evaluation/indeterminate-band.ts';
export type { Metrics, ThresholdMetrics } from './evaluation/metrics.ts';
export {
  type ChosenThreshold,
  chooseThreshold,
  type OperatingPoint,
  type RocReadings,
} from './evaluation/operating-points.ts';
export type { LabelSet, PredictionRow } from './evaluation/prediction.ts';
export type { Figure } from './figures/frame.ts';
export { type HeatMapData, heatMapFigure } from './figures/heat-map.ts';
export {
  type Classifier,
  type ClassifyOptions,
  createClassifier,
  type ImageInput,
} from './model/classifier.ts';
export type { ColourRegression } from './model/colours.ts';
export { type Explanation, explain } from './model/explanation/explain.ts';
export type { HeatMap, Peak } from './model/explanation/heat-map.ts';
export { type Model, readModel, writeModel } from './model/file.ts';
export type { Description, ModelMetadata } from './model/metadata.ts';
export type { OutlierDetector } from './model/outlier.ts';
export type { Called, NotCalled, PredictedLabel, Prediction } from './model/prediction.ts';
export type { Reason } from './model/reason.ts';
export { NetworkError } from './network/errors.ts';
export { countParameters, type Graph, type GraphInput, resolve as resolveNetwork } from './network/graph.ts';
export { initialWeights } from './network/initial-weights.ts';
export type { LayerDefinition, LayerNode, ParameterDefinition } from './network/layers/definition.ts';
export { createLearner, type Learner, type StepResult } from './network/learner.ts';
export type { LearnerOptions } from './network/learner-options.ts';
export type {
  ImageShape,
  LayerBase,
  LayerSpec,
  Network,
  Parameter,
  Shape,
  Weights,
} from './network/network.ts';
export type { Optimiser } from './network/optimiser.ts';
export { createPredictor, type Outputs, type Predictor } from './network/predictor.ts';
export { recipeByName, validateRecipe } from './recipes/index.ts';
export type { MetricName } from './recipes/metric-names.ts';
export {
  type KeepScaleFit,
  type Preprocessing,
  preprocess,
  type StretchFit,
} from './recipes/preprocessing.ts';
export type { Augmentation, Recipe, TrainingSettings } from './recipes/recipe.ts';
export type { Schedule } from './recipes/schedule.ts';
