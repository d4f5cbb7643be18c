import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type CommandResult, runCommand } from './support/command.ts';
import { temporaryFolder, writeFiles } from './support/temporary.ts';

const folder = temporaryFolder();
const out = join(folder, 'demo');
const inRun = (name: string) => join(out, 'run', name);
const cells = join(out, 'cells');
const shipped = new URL('../models/default.onnx', import.meta.url).pathname;
const json = (path: string) => JSON.parse(readFileSync(path, 'utf8'));

const again = join(folder, 'again');
let demo: CommandResult;
beforeAll(async () => {
  [demo] = await Promise.all([
    runCommand(['demo', '--out', out, '--seed', '1']),
    runCommand(['demo', '--out', again, '--seed', '1', '--threads', '1']),
  ]);
}, 1_200_000);

const filesIn = (place: string) =>
  readdirSync(place, { recursive: true, encoding: 'utf8' }).map((path) => join(place, path));

describe('giemsa demo', () => {
  test('learns to tell drawn cells apart and says where everything is', () => {
    expect(demo.status).toBe(0);
    expect(demo.stdout).toContain('positive: parasitized');
    expect(demo.stdout).toMatch(/C\d+P\d+drawn/);
    expect(demo.stderr.trim().split('\n').at(-1)).toBe(`Look at ${inRun('report.html')} in a browser.`);
    expect(demo.stdout).toMatch(/^cell +drawn +new network +shipped model$/m);
    expect(demo.stderr).toContain(
      `giemsa classify ${join(cells, 'Parasitized')} --model ${inRun('model.onnx')}`,
    );
    for (const name of [
      'run.json',
      'history.csv',
      'model.onnx',
      'metrics.json',
      'predictions.csv',
      'split.csv',
    ]) {
      expect(existsSync(inRun(name)), name).toBe(true);
    }
    const { rocAuc, cells: count, protocol, positive } = json(inRun('metrics.json'));
    expect({ count, protocol, positive }).toEqual({
      count: 180,
      protocol: 'patient-disjoint',
      positive: 'parasitized',
    });
    expect(rocAuc).toBeGreaterThan(0.95);
  });

  test('beats size, mean colour and the number of dark spots, on patients it has not seen', async () => {
    const { rocAuc, patients } = json(inRun('metrics.json'));
    expect(patients).toBe(12);
    for (const name of ['size', 'mean-colour', 'dark-spots']) {
      const predictions = join(out, 'baselines', `${name}.csv`);
      const { stdout } = await runCommand(['evaluate', '--predictions', predictions, '--format', 'json']);
      const baseline = JSON.parse(stdout);
      expect(baseline).toMatchObject({ part: 'test', cells: 180, patients: 12 });
      expect(baseline.rocAuc).toBeGreaterThan(0.4);
      expect(rocAuc - baseline.rocAuc).toBeGreaterThan(0.1);
      expect(demo.stdout).toContain(name.replace('-', ' '));
      expect(readFileSync(inRun('report.html'), 'utf8')).toContain(
        `<th scope="row">${name.replace('-', ' ')}</th>`,
      );
    }
  });

  test('writes exactly one HTML file, which says that the cells are drawn', () => {
    const pages = filesIn(out).filter((path) => path.endsWith('.html'));
    expect(pages).toEqual([inRun('report.html')]);
    expect(readFileSync(pages[0], 'utf8')).toContain('These cells are drawn.');
  });

  test('one seed gives the same files, byte for byte but for times, with any number of threads', () => {
    const timed = ['run.json', 'history.csv', 'report.html', 'model-card.md', 'model-card.json', 'state.bin'];
    const withoutTimes = (path: string) =>
      readFileSync(path, 'utf8').replace(
        /\d{4}-\d\d-\d\dT[\d:.]+Z|<dt>Time of training<.dt><dd>.*?<.dd>|"(training|result)Seconds": [\d.]+|[\d,.]+ s of (training|what)/g,
        'then',
      );
    const paths = filesIn(out).filter((path) => /\.\w+$/.test(path));
    expect(filesIn(again).filter((path) => /\.\w+$/.test(path))).toHaveLength(paths.length);
    for (const path of paths.filter((one) => !timed.some((name) => one.endsWith(name)))) {
      expect(readFileSync(path).equals(readFileSync(join(again, relative(out, path)))), path).toBe(true);
    }
    for (const name of ['report.html', 'model-card.md', 'model-card.json']) {
      expect(withoutTimes(join(again, 'run', name)), name).toBe(withoutTimes(inRun(name)));
    }
  });

  test('does not write over what is there', async () => {
    const again = await runCommand(['demo', '--out', out]);
    expect(again).toMatchObject({ status: 1, stdout: '' });
    expect(again.stderr).toContain(`${out} is not empty`);
    expect(again.stderr.trim().split('\n')).toHaveLength(1);
  });
});

describe('giemsa evaluate', () => {
  const ofModel = [
    'evaluate',
    '--model',
    inRun('model.onnx'),
    '--data',
    cells,
    '--split',
    inRun('split.csv'),
  ];

  test('a model on its test part: the run’s own figures', async () => {
    const { status, stdout } = await runCommand([...ofModel, '--format', 'json', '--threads', '2']);
    expect(status).toBe(0);
    const evaluation = JSON.parse(stdout);
    const { rocAuc, prAuc, brier, threshold, counts, operatingPoints } = json(inRun('metrics.json'));
    expect(evaluation).toMatchObject({ rocAuc, prAuc, brier, threshold, counts, operatingPoints });
    expect(evaluation).toMatchObject({ recipe: 'demo', part: 'test' });
    expect(evaluation.chosenOn).toBe('val, specificity 0.973');
  }, 120_000);

  test('its predictions: the same', async () => {
    const { stdout } = await runCommand([
      'evaluate',
      '--predictions',
      inRun('predictions.csv'),
      '--format',
      'json',
    ]);
    const { rocAuc, threshold, chosenOn, counts, operatingPoints, part } = json(inRun('metrics.json'));
    expect(JSON.parse(stdout)).toMatchObject({ rocAuc, threshold, chosenOn, counts, operatingPoints, part });
  });

  test('without --model: the package’s own, with a warning that it may have seen the patients', async () => {
    const few = join(folder, 'few');
    const name = 'C1P1drawn_IMG_1_cell_1.png';
    const png = readFileSync(join(cells, 'Parasitized', name));
    writeFiles(few, { [`Parasitized/${name}`]: png, 'Uninfected/C2drawn_IMG_1_cell_1.png': png });
    const own = await runCommand(['evaluate', '--data', few, '--format', 'json']);
    expect(JSON.parse(own.stdout)).toMatchObject({ recipe: 'default', part: 'all', cells: 2, rocAuc: 0.5 });
    expect(own.stderr).toMatch(/^Warning: the model may have been trained on patients of this data set/m);
    const named = ['--model', shipped, '--data', few, '--format', 'json'];
    expect(await runCommand(['evaluate', ...named])).toEqual(own);
  });

  test('CSV has one row an operating point', async () => {
    const { stdout } = await runCommand([
      'evaluate',
      '--predictions',
      inRun('predictions.csv'),
      '--format',
      'csv',
    ]);
    const [header, ...rows] = stdout.trim().split('\n');
    expect(header).toMatch(/^recipe,labelSet,part,cells,patients,positive,rocAuc/);
    expect(rows).toHaveLength(4);
  });

  test('an unreadable cell is named and left out: status 3', async () => {
    const some = join(folder, 'some');
    const png = readFileSync(join(cells, 'Parasitized', 'C1P1drawn_IMG_1_cell_1.png'));
    writeFiles(some, {
      'Parasitized/C1P1drawn_IMG_1_cell_1.png': png,
      'Parasitized/C1P1drawn_IMG_1_cell_2.png': png.subarray(0, 500),
      'Uninfected/C2drawn_IMG_1_cell_1.png': png,
    });
    const { status, stdout, stderr } = await runCommand([
      'evaluate',
      '--model',
      inRun('model.onnx'),
      '--data',
      some,
      '--format',
      'json',
    ]);
    expect(status).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ cells: 2, part: 'all', rocAuc: 0.5 });
    expect(stderr).toContain('C1P1drawn_IMG_1_cell_2.png: ');
  });

  test.each([
    [
      [],
      2,
      'give --data PATH, for the package’s own model or that of --model FILE, or give --predictions FILE',
    ],
    [['--model', 'm.onnx'], 2, 'give --data PATH'],
    [['--data', '/no/such/cells'], 1, '/no/such/cells'],
    [['--predictions', 'x.csv', '--model', 'm.onnx'], 2, '--model does not go with --predictions'],
    [['--model', 'm.onnx', '--data', 'd', '--part', 'val'], 2, '--part needs --split FILE'],
    [
      ['--model', 'm.onnx', '--data', 'd', '--label-set', 'dropped'],
      2,
      '--label-set dropped needs --review FILE',
    ],
    [['--format', 'xml'], 2, "option '--format <format>' argument 'xml' is invalid"],
    [['--predictions', inRun('predictions.csv'), '--part', 'train'], 1, 'has no cells in the part train'],
    [['--predictions', '/no/such.csv'], 1, '/no/such.csv'],
    [[...ofModel.slice(1), '--part', 'nothing'], 1, 'in the part nothing'],
    [['--model', '/no/such.onnx', '--data', cells], 1, '/no/such.onnx'],
    [['--model', inRun('metrics.json'), '--data', cells], 1, 'metrics.json'],
  ])('%j: status %d', async (args, status, message) => {
    const result = await runCommand(['evaluate', ...args]);
    expect(result).toMatchObject({ status, stdout: '' });
    expect(result.stderr).toContain(message);
    expect(result.stderr).toMatch(/^giemsa: /);
    expect(result.stderr).not.toContain('    at ');
  });
});

test('the example of the guide trains', async () => {
  const run = join(folder, 'example');
  const recipe = new URL('../docs/guides/example-recipe.ts', import.meta.url).pathname;
  const { status } = await runCommand([
    'train',
    '--data',
    cells,
    '--split',
    inRun('split.csv'),
    '--recipe',
    recipe,
    '--out',
    run,
    '--epochs',
    '1',
    '--quiet',
  ]);
  expect(status).toBe(0);
  expect(json(join(run, 'run.json')).recipe.name).toBe('example');
}, 120_000);

describe('the command itself', () => {
  test('--version and --help end with 0', async () => {
    const { version } = json(new URL('../package.json', import.meta.url).pathname);
    expect(await runCommand(['--version'])).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
    for (const args of [['--help'], ['evaluate', '--help'], ['demo', '--help']]) {
      expect(await runCommand(args)).toMatchObject({ status: 0, stderr: '' });
    }
  });

  test('without a command, or with an unknown one: help, status 2', async () => {
    expect(await runCommand([])).toMatchObject({ status: 2, stdout: '' });
    const { status, stderr } = await runCommand(['clasify']);
    expect(status).toBe(2);
    expect(stderr).toContain("giemsa: unknown command 'clasify'");
    expect(stderr).toContain('Did you mean classify?');
  });
});
