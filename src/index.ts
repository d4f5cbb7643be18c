export { type Dataset, openDataset } from './dataset/dataset.ts';
export { type Input, readInputs } from './dataset/inputs.ts';
export * from './library.ts';
export { type LoadOptions, loadClassifier } from './load-classifier.ts';
