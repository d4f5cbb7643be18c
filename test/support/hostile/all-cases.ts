import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { badFiles } from '../bad-images.ts';
import {
  type CaseMaker,
  caseMaker,
  casesInside,
  casesOf,
  type GoodInputs,
  type HostileCase,
} from './cases.ts';
import { type GoodCsv, hostileCsvs, withField } from './csv.ts';
import { hostileData } from './data.ts';
import { bytes, type HostileFile, notFiles, otherKinds } from './files.ts';
import { hostileModels } from './models.ts';

/** More than 300 hostile inputs of `classify`, `train`, `evaluate`, `dataset split` and `report`. */
export function hostileCases(good: GoodInputs): HostileCase[] {
  const maker = caseMaker(good);
  return [
    ...imageCases(maker, good),
    ...modelCases(maker, good),
    ...dataCases(maker, good),
    ...splitCases(maker, good),
    ...patientCases(maker, good),
    ...reviewCases(maker, good),
    ...foldCases(maker, good),
    ...recipeCases(maker, good),
    ...predictionCases(maker, good),
    ...reportCases(maker, good),
    ...outputCases(maker, good),
  ];
}

function imageCases(maker: CaseMaker, { model }: GoodInputs): HostileCase[] {
  const images = Object.entries(badFiles())
    .filter(([, { outcome }]) => outcome === 'error')
    .map(([name, { bytes: data }]) => bytes(name, data, /[a-z]{3}/));
  const classify = (path: string, output: string) => [
    'classify',
    path,
    '--model',
    model,
    '--format',
    'jsonl',
    '--report',
    output,
  ];
  const special = notFiles().filter(({ name }) => !name.includes('folder'));
  return [
    ...images.flatMap((image) => casesOf(maker, [image], 'image', image.name, classify, 3)),
    ...casesOf(maker, special, 'image', 'cell.png', classify, 3),
    ...casesOf(
      maker,
      hostileData().filter(({ name }) => /^an archive /.test(name) && !/leads out/.test(name)),
      'archive',
      'cells.zip',
      classify,
      3,
    ).map((one) => ({ ...one, says: /archive|link|encrypted|bomb/ })),
  ].map(({ output: _, ...one }) => one);
}

function modelCases(maker: CaseMaker, { model, cell, data }: GoodInputs): HostileCase[] {
  const models = hostileModels(readFileSync(model));
  return [
    ...casesOf(maker, models, 'model', 'model.onnx', (path, output) => [
      'classify',
      cell,
      '--model',
      path,
      '--report',
      output,
    ]),
    ...casesOf(maker, models.slice(0, 16), 'model', 'model.onnx', (path) => [
      'evaluate',
      '--model',
      path,
      '--data',
      data,
    ]),
  ];
}

function dataCases(maker: CaseMaker, { model, recipe }: GoodInputs): HostileCase[] {
  const sets = hostileData();
  return [
    ...casesOf(maker, sets, 'data', 'cells', (path, output) => ['dataset', 'split', path, '--out', output]),
    ...casesOf(maker, sets, 'data', 'cells', (path, output) => [
      'train',
      '--data',
      path,
      '--recipe',
      recipe,
      '--out',
      output,
    ]),
    ...casesOf(maker, sets, 'data', 'cells', (path) => ['evaluate', '--model', model, '--data', path]),
  ];
}

function readGood(path: string): GoodCsv {
  const [header, ...rows] = parse(readFileSync(path)) as string[][];
  return { header, rows, needed: header };
}

/** The good file with other values in its second row. */
function wrongValues(
  good: GoodCsv,
  values: readonly [column: string, value: string, says: RegExp][],
): HostileFile[] {
  return values.map(([column, value, says]) =>
    bytes(`${column} ${JSON.stringify(value)}`, withField(good, column, value), says),
  );
}

function splitCases(maker: CaseMaker, { data, recipe, model, split }: GoodInputs): HostileCase[] {
  const good = readGood(split);
  const [name, label] = good.rows[0];
  const files = [
    ...hostileCsvs(good),
    ...wrongValues(good, [
      ['label', 'infected', /row 3: label must be/],
      ['label', '', /row 3: label must be/],
      ['part', 'dev', /row 3: part must be/],
      ['part', 'Train', /row 3: part must be/],
      ['name', 'not-there.png', /not in the data/],
      ['name', '../../etc/passwd', /not in the data/],
      ['patient', 'P999', /the patient P999/],
    ]),
    bytes(
      'a cell twice',
      `name,label,patient,part\n${`${name},${label},,train\n`.repeat(2)}`,
      /is there twice/,
    ),
    bytes(
      'another data set',
      'name,label,patient,part\na.png,parasitized,A,train\nb.png,uninfected,B,test\n',
      /not in the data/,
    ),
  ];
  const train = (path: string, output: string) => [
    'train',
    '--data',
    data,
    '--recipe',
    recipe,
    '--split',
    path,
    '--out',
    output,
  ];
  return [
    ...casesOf(maker, files, 'split', 'split.csv', train),
    ...casesOf(maker, files, 'split', 'split.csv', (path) => [
      'evaluate',
      '--model',
      model,
      '--data',
      data,
      '--split',
      path,
    ]),
  ];
}

function patientCases(maker: CaseMaker, { data, cell, model, recipe }: GoodInputs): HostileCase[] {
  const rows = ['a', 'b', 'c', 'd'].map((name, i) => [`${name}.png`, `P${i}`]);
  const good = { header: ['image', 'patient'], rows, needed: [] };
  const files = [
    ...hostileCsvs(good),
    ...wrongValues(good, [
      ['image', '', /row 3: an image or its patient is missing/],
      ['patient', '', /row 3: an image or its patient is missing/],
      ['image', 'a.png', /already is one of/],
    ]),
    bytes('three columns without names', 'a.png,P1,x\nb.png,P2,y\n', /cannot tell which column/),
  ];
  return [
    ...casesOf(maker, files, 'patients', 'patients.csv', (path, output) => [
      'dataset',
      'split',
      data,
      '--patients',
      path,
      '--out',
      output,
    ]),
    ...casesOf(maker, files, 'patients', 'patients.csv', (path, output) => [
      'classify',
      cell,
      '--model',
      model,
      '--report',
      output,
      '--patients',
      path,
    ]),
    ...casesOf(maker, files.slice(0, 12), 'patients', 'patients.csv', (path, output) => [
      'train',
      '--data',
      data,
      '--recipe',
      recipe,
      '--patients',
      path,
      '--out',
      output,
    ]),
  ];
}

function reviewCases(maker: CaseMaker, { data, recipe, run }: GoodInputs): HostileCase[] {
  const rows = ['a', 'b', 'c', 'd'].map((name) => [`${name}.png`, 'parasitized', 'agrees']);
  const good = { header: ['name', 'label', 'review'], rows, needed: ['name', 'label', 'review'] };
  const files = [
    ...hostileCsvs(good),
    ...wrongValues(good, [['review', 'maybe', /row 3: review must be/]]),
    bytes('another data set', `name,label,review\n${rows.join('\n')}\n`, /names none of these cells/),
  ];
  const train = ['train', '--data', data, '--recipe', recipe, '--label-set', 'dropped'];
  return [
    ...casesOf(maker, files, 'review', 'review.csv', (path, output) => [
      ...train,
      '--review',
      path,
      '--out',
      output,
    ]),
    ...casesOf(maker, files.slice(0, 12), 'review', 'review.csv', (path) => [
      'evaluate',
      '--predictions',
      join(run, 'predictions.csv'),
      '--review',
      path,
    ]),
  ];
}

function foldCases(maker: CaseMaker, { data }: GoodInputs): HostileCase[] {
  const rows = ['P1', 'P2', 'C3', 'C4'].map((patient, i) => [patient, String(i)]);
  const good = { header: ['patient', 'fold'], rows, needed: ['patient', 'fold'] };
  const files = [
    ...hostileCsvs(good),
    ...wrongValues(good, [
      ['fold', '-1', /row 3: a fold is a whole number/],
      ['fold', '1.5', /row 3: a fold is a whole number/],
      ['fold', 'one', /row 3: a fold is a whole number/],
      ['patient', 'P1', /is there twice/],
      ['patient', 'P1 ', /no fold is given/],
    ]),
  ];
  return casesOf(maker, files, 'folds', 'folds.csv', (path, output) => [
    ...['dataset', 'split', data, '--folds', path, '--test-fold', '0', '--out', output],
  ]);
}

function recipeCases(maker: CaseMaker, { data, recipe }: GoodInputs): HostileCase[] {
  const text = readFileSync(recipe, 'utf8');
  const train = (path: string, output: string) => [
    'train',
    '--data',
    data,
    '--recipe',
    path,
    '--out',
    output,
  ];
  const json = [
    ...notFiles(),
    ...otherKinds(/not a text file|cannot read the recipe/),
    bytes('cut short', text.slice(0, 200), /cannot read the recipe/),
    bytes('UTF-16', Buffer.from(`\ufeff${text}`, 'utf16le'), /UTF-16/),
    bytes('an array', '[]', /the recipe has 5 mistakes/),
    bytes('null', 'null', /the recipe has a mistake/),
    bytes('nothing', '', /cannot read the recipe/),
    bytes('a deep nest', `${'['.repeat(50_000)}${']'.repeat(50_000)}`, /recipe/),
    bytes('no network', JSON.stringify({ ...JSON.parse(text), network: undefined }), /network/),
    bytes('a layer that is not', text.replace('"relu"', '"relu6"'), /relu6/),
    bytes('a batch of nothing', text.replace('"batch":16', '"batch":0'), /batch/),
    bytes('an input of 10^9', text.replace('"height":24', '"height":1000000000'), /height/),
  ];
  const modules = [
    bytes('that throws', 'throw new Error("no luck");', /no luck/),
    bytes('that throws no error', 'throw null;', /cannot read the recipe/),
    bytes('with a wrong import', 'import "./not-there.mjs"; export default {};', /cannot read the recipe/),
    bytes('with a mistake', 'const = ;', /cannot read the recipe/),
    bytes('without an export', 'const recipe = {};', /no default export/),
    bytes('of a circle', 'const a = {}; a.a = a; export default a;', /recipe/),
    bytes(
      'that is an image',
      readFileSync(new URL('../../fixtures/images/rgb.png', import.meta.url)),
      /not a text file/,
    ),
  ];
  return [
    ...casesOf(maker, json, 'recipe', 'recipe.json', train),
    ...casesOf(maker, modules, 'module', 'recipe.mjs', train),
    ...casesOf(maker, modules.slice(2, 5), 'TypeScript', 'recipe.ts', train),
    ...casesOf(maker, [bytes('a text', 'x', /there is no recipe/)], 'recipe', 'recipe.txt', train, 2),
  ];
}

function predictionCases(maker: CaseMaker, { run }: GoodInputs): HostileCase[] {
  const good = readGood(join(run, 'predictions.csv'));
  const number = /row 3: probability must be a number from 0 to 1/;
  const wrong = ['', 'high', '1.5', '-0.1', 'NaN', 'Infinity', '0x1', '1e999', '"0,5"', '1_0', '0.5 %'];
  const files = [
    ...hostileCsvs(good),
    ...wrongValues(good, [
      ...wrong.map((value): [string, string, RegExp] => ['probability', value, number]),
      ['label', 'infected', /row 3: label must be/],
    ]),
    bytes('only a header', `${good.header.join(',')}\n`, /has no predictions/),
  ];
  return casesOf(maker, files, 'predictions', 'predictions.csv', (path) => [
    'evaluate',
    '--predictions',
    path,
  ]);
}

function reportCases(maker: CaseMaker, { run, data }: GoodInputs): HostileCase[] {
  const report = (folder: string) => ['report', folder];
  const inside = (files: readonly HostileFile[], as: string) => casesInside(maker, run, files, as, report);
  const facts = JSON.parse(readFileSync(join(run, 'run.json'), 'utf8'));
  const changed = (name: string, change: object, says: RegExp) =>
    bytes(name, JSON.stringify({ ...facts, ...change }), says);
  const json = /not a text file|is not JSON|is not that of a run/;
  const history = readGood(join(run, 'history.csv'));
  const needed = ['epoch', 'trainLoss', 'valRocAuc'];
  const metrics = readFileSync(join(run, 'metrics.json'), 'utf8');
  return [
    ...inside(
      [
        ...notFiles(),
        ...otherKinds(json),
        changed('unfinished', { status: 'training' }, /is not finished/),
        changed('no data', { data: undefined }, /data/),
        changed('a seed of words', { seed: 'one' }, /seed/),
        changed('no recipe', { recipe: {} }, /recipe/),
        changed('times of numbers', { times: { started: 1, finished: 2 } }, /times/),
        bytes('null', 'null', json),
        bytes('UTF-16', Buffer.from(`\ufeff${JSON.stringify(facts)}`, 'utf16le'), /UTF-16/),
      ],
      'run.json',
    ),
    ...inside(
      [
        ...notFiles(),
        ...otherKinds(json),
        bytes('of another run', metrics.replace(/"tp":\d+/, '"tp":99999'), /does not have the figures/),
      ],
      'metrics.json',
    ),
    ...inside(hostileCsvs(readGood(join(run, 'predictions.csv'))), 'predictions.csv'),
    ...inside(
      [
        ...hostileCsvs({ ...history, needed }).slice(0, 18),
        ...wrongValues(history, [['valLoss', 'low', /row 3: valLoss must be a number/]]),
      ],
      'history.csv',
    ),
    ...casesOf(maker, hostileData(), 'data', 'cells', (path) => ['report', run, '--data', path]),
    ...casesOf(
      maker,
      [...notFiles().filter(({ name }) => !/folder/.test(name)), ...otherKinds(/is a file|not a folder/)].map(
        (file) => ({ ...file, says: /folder of a run/ }),
      ),
      'run',
      'run',
      report,
    ),
    {
      name: 'report: data of other cells',
      args: ['report', run, '--data', data],
      status: 1,
      file: data,
      says: /which was predicted/,
    },
  ];
}

/** Places that cannot be written to. */
function outputCases(maker: CaseMaker, { data, cell, model, recipe, root }: GoodInputs): HostileCase[] {
  const inFile = join(maker.newPlace(), 'file');
  writeFileSync(inFile, 'x');
  const below = join(inFile, 'output');
  const long = join(root, 'x'.repeat(300));
  const full = '/dev/full/output';
  const commands: Record<string, (out: string) => readonly string[]> = {
    'dataset split': (out) => ['dataset', 'split', data, '--out', out],
    classify: (out) => ['classify', cell, '--model', model, '--report', out],
    train: (out) => ['train', '--data', data, '--recipe', recipe, '--epochs', '1', '--out', out],
  };
  return Object.entries(commands).flatMap(([name, argsOf]) => [
    ...[below, full].map(
      (out): HostileCase => ({
        name: `${name}: written below a file: ${out}`,
        args: argsOf(out),
        status: 1,
        file: out,
        says: /in the way|is a file/,
      }),
    ),
    {
      name: `${name}: written to a long name`,
      args: argsOf(long),
      status: 1,
      file: long,
      says: /name is too long/,
    } as const,
    ...(name === 'train'
      ? []
      : [
          {
            name: `${name}: written in the place of a folder`,
            args: argsOf(root),
            status: 1,
            file: root,
            says: /it is a folder|in the way/,
          } as const,
        ]),
  ]);
}
