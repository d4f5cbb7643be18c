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
export { createEngine, type Engine, EngineError, type EngineOptions } from './engine/engine.ts';
export { EvaluationError } from './evaluation/errors.ts';
export { type Evaluation, evaluatePart } from './evaluation/evaluate.ts';
export { type HeatMapData, heatMapFigure } from './figures/heat-map.ts';
export {
  type Classifier,
  type ClassifyOptions,
  createClassifier,
  type ImageInput,
  type Label,
  type Prediction,
} from './model/classifier.ts';
export { type Explanation, explain } from './model/explanation/explain.ts';
export type { HeatMap, Peak } from './model/explanation/heat-map.ts';
export { type Model, readModel, writeModel } from './model/file.ts';
export type { ModelMetadata } from './model/metadata.ts';
export type { Reason } from './model/reason.ts';
export { NetworkError } from './network/errors.ts';
export { countParameters, type Graph, resolve as resolveNetwork } from './network/graph.ts';
export { initialWeights } from './network/initial-weights.ts';
export { createLearner, type Learner, type StepResult } from './network/learner.ts';
export type { LearnerOptions } from './network/learner-options.ts';
export type { LayerSpec, Network, Weights } from './network/network.ts';
export type { Optimiser } from './network/optimiser.ts';
export { createPredictor, type Predictor } from './network/predictor.ts';
export { recipeByName, validateRecipe } from './recipes/index.ts';
export { type Preprocessing, preprocess } from './recipes/preprocessing.ts';
export type { Recipe } from './recipes/recipe.ts';
