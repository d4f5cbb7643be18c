// The import rule of docs/architecture.md, checked: folders are the steps of the method, data flows one way.
const order = [
  'cells',
  'dataset',
  'engine',
  'network',
  'recipes',
  'evaluation',
  'model',
  'training',
  'audit',
  'figures',
  'report',
  'cli',
];
const allowed = {
  cells: ['cells'],
  dataset: ['cells', 'dataset'],
  engine: ['engine'],
  network: ['engine', 'network'],
  recipes: ['cells', 'network', 'recipes'],
  evaluation: ['evaluation'],
  model: ['cells', 'engine', 'network', 'recipes', 'evaluation', 'model'],
  training: ['cells', 'dataset', 'engine', 'network', 'recipes', 'evaluation', 'model', 'training'],
  audit: ['cells', 'dataset', 'engine', 'recipes', 'evaluation', 'training', 'audit'],
  figures: ['cells', 'evaluation', 'figures'],
  report: [
    'cells',
    'dataset',
    'engine',
    'network',
    'recipes',
    'evaluation',
    'model',
    'training',
    'audit',
    'figures',
    'report',
  ],
};
const browserSafe = '^src/(cells|engine|network|recipes|evaluation|model|figures)/|^src/browser';
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'browser-safe',
      comment: 'What runs in a browser never imports Node; the thread pool has one end for each.',
      severity: 'error',
      from: { path: browserSafe, pathNot: '-node\\.ts$|\\.test\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'browser-safe-packages',
      severity: 'error',
      from: { path: browserSafe, pathNot: '\\.test\\.ts$' },
      to: { path: 'node_modules/(onnxruntime-node|sharp|yauzl|commander|cli-progress)/' },
    },
    {
      name: 'library-never-imports-cli',
      severity: 'error',
      from: { pathNot: '^src/cli/' },
      to: { path: '^src/cli/' },
    },
    ...Object.entries(allowed).map(([folder, may]) => ({
      name: `${folder}-imports-only-what-comes-before`,
      severity: 'error',
      from: { path: `^src/${folder}/`, pathNot: '\\.test\\.ts$' },
      to: { path: `^src/(${order.filter((other) => !may.includes(other)).join('|')})/` },
    })),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^src/engine/kernels/[^/]+\\.ts$' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
