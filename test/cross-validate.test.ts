import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { type CommandResult, runCommand, type SignalAt } from './support/command.ts';
import { temporaryFolder, writeFiles } from './support/temporary.ts';
import { drawInto, sha256Of, smallRecipe } from './support/training.ts';

// Whole trainings, on machines that may be busy.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const folder = temporaryFolder();
const data = join(folder, 'cells');
const recipe = join(folder, 'recipe.json');
const at = (...path: string[]) => join(folder, ...path);
const csv = (...path: string[]): Record<string, string>[] =>
  parse(readFileSync(at(...path), 'utf8'), { columns: true });
const json = (...path: string[]) => JSON.parse(readFileSync(at(...path), 'utf8'));

function crossValidate(
  out: string,
  options: readonly string[] = [],
  signalAt?: SignalAt,
): Promise<CommandResult> {
  const fixed = ['cross-validate', '--data', data, '--recipe', recipe, '--epochs', '3', '--out', at(out)];
  return runCommand([...fixed, '--folds', '3', ...options], signalAt && { signalAt });
}

/** A review in which every third cell is disputed, those of healthy patients too. */
let review: Record<string, string>[];
let whole: CommandResult;
beforeAll(async () => {
  await drawInto(data, 160);
  writeFiles(folder, { 'recipe.json': JSON.stringify(smallRecipe) });
  whole = await crossValidate('whole');
  expect(whole.stderr).not.toContain('giemsa:');
  review = csv('whole', 'predictions.csv').map(({ name, label }, i) => ({
    name,
    label,
    review: i % 3 === 0 ? 'disagrees' : 'agrees',
  }));
  const lines = review.map((row) => `${row['name']},${row['label']},${row['review']}`);
  writeFiles(folder, { 'review.csv': `name,label,review\n${lines.join('\n')}\n` });
});

describe('cross-validate', () => {
  test('predicts every cell once, by a model that saw its patient neither in training nor in validation', () => {
    const predictions = csv('whole', 'predictions.csv');
    expect(Object.keys(predictions[0])).toEqual(['name', 'label', 'patient', 'fold', 'probability']);
    expect(predictions).toHaveLength(160);
    expect(new Set(predictions.map(({ name, label }) => `${label}/${name}`)).size).toBe(160);
    for (const { name, label } of predictions) {
      const place = label === 'parasitized' ? 'Parasitized' : 'Uninfected';
      expect(existsSync(join(data, place, name))).toBe(true);
    }
    for (const fold of ['0', '1', '2']) {
      const split = csv('whole', `fold-${fold}`, 'split.csv');
      const own = new Set(
        predictions.filter((row) => row['fold'] === fold).map(({ name, label }) => `${label}/${name}`),
      );
      const patients = new Set(
        predictions.filter((row) => row['fold'] === fold).map(({ patient }) => patient),
      );
      const test = split.filter(({ part }) => part === 'test');
      expect(new Set(test.map(({ name, label }) => `${label}/${name}`))).toEqual(own);
      for (const part of ['train', 'val']) {
        const others = split.filter((row) => row['part'] === part);
        expect(others.length).toBeGreaterThan(0);
        for (const { patient } of others) expect(patients).not.toContain(patient);
      }
    }
  });

  test('gives pooled figures that evaluate repeats, and each fold its own run folder and figures', async () => {
    const metrics = json('whole', 'metrics.json');
    const evaluated = await runCommand([
      'evaluate',
      '--predictions',
      at('whole', 'predictions.csv'),
      '--format',
      'json',
    ]);
    for (const name of ['rocAuc', 'prAuc', 'accuracy', 'mcc', 'brier', 'counts', 'cells', 'patients']) {
      expect(metrics[name]).toEqual(JSON.parse(evaluated.stdout)[name]);
    }
    expect(metrics.protocol).toBe('patient-disjoint, 3 folds');
    expect(metrics.folds.map((fold: { fold: string }) => fold.fold)).toEqual(['0', '1', '2']);
    const counts = { tp: 0, tn: 0, fp: 0, fn: 0 };
    for (const { fold, ...figures } of metrics.folds) {
      expect(json('whole', `fold-${fold}`, 'metrics.json')).toEqual(figures);
      for (const name of ['tp', 'tn', 'fp', 'fn'] as const) counts[name] += figures.counts[name];
    }
    expect(metrics.atFoldThresholds.counts).toEqual(counts);
    expect(whole.stdout).toMatch(/^mean .*\nSD /m);
    expect(json('whole', 'run.json')).toMatchObject({ status: 'finished', leftOut: [] });
  });

  test('killed within a fold and run again, it goes on, and ends with the same bytes', async () => {
    await crossValidate('killed', [], {
      signal: 'SIGKILL',
      line: 'Epoch 2/3',
      exists: at('killed', 'fold-1', 'checkpoint'),
    });
    expect(existsSync(at('killed', 'predictions.csv'))).toBe(false);
    const before = sha256Of(at('killed', 'fold-0', 'run.json'));
    const again = await crossValidate('killed');
    expect(again.status).toBe(0);
    expect(again.stderr).toContain('Fold 0 (1 of 3) is finished already.');
    expect(again.stderr).toMatch(/Fold 1 \(2 of 3\): .* left for this and the others/);
    expect(sha256Of(at('killed', 'fold-0', 'run.json'))).toBe(before);
    for (const file of ['predictions.csv', 'metrics.json', 'folds.csv', 'fold-1/model.onnx']) {
      expect(sha256Of(at('killed', file))).toBe(sha256Of(at('whole', file)));
    }
    const third = await crossValidate('killed', ['--format', 'json']);
    expect(third.stderr.match(/is finished already/g)).toHaveLength(3);
    expect(JSON.parse(third.stdout)).toEqual(json('whole', 'metrics.json'));
  });

  test('Ctrl-C saves and ends with status 130; the same command goes on', async () => {
    const stopped = await crossValidate('stopped', [], { signal: 'SIGINT', line: 'Epoch 1/3' });
    expect(stopped.status).toBe(130);
    expect(stopped.stderr).toContain('The same command goes on from the last checkpoint.');
    expect(json('stopped', 'run.json').status).toBe('interrupted');
    expect((await crossValidate('stopped', ['--threads', '1'])).status).toBe(0);
    expect(sha256Of(at('stopped', 'predictions.csv'))).toBe(sha256Of(at('whole', 'predictions.csv')));
  });

  test('refuses to go on with other settings, and in a folder of something else', async () => {
    const other = await crossValidate('whole', ['--seed', '2']);
    expect(other.status).toBe(1);
    expect(other.stderr).toMatch(/whole cannot be resumed: the (split|seed) changed/);
    const run = await crossValidate('whole/fold-0');
    expect(run.stderr).toContain('holds something else than a cross-validation');
    expect(run.status).toBe(1);
  });

  test('trained on relabelled cells, predictions keep the published labels; another review is refused', async () => {
    const relabelled = ['--label-set', 'relabelled', '--review', at('review.csv')];
    expect((await crossValidate('relabelled', relabelled)).status).toBe(0);
    const labels = (name: string) =>
      csv(name, 'predictions.csv').map((row) => `${row['label']}/${row['name']}/${row['fold']}`);
    expect(labels('relabelled')).toEqual(labels('whole'));
    expect(sha256Of(at('relabelled', 'fold-0', 'model.onnx'))).not.toBe(
      sha256Of(at('whole', 'fold-0', 'model.onnx')),
    );
    expect(json('relabelled', 'metrics.json').labelSet).toBe('published');
    expect(json('relabelled', 'run.json').data.labelSet).toBe('relabelled');
    writeFiles(folder, {
      'other.csv': readFileSync(at('review.csv'), 'utf8').replace('disagrees', 'agrees'),
    });
    const other = await crossValidate('relabelled', [
      '--label-set',
      'relabelled',
      '--review',
      at('other.csv'),
    ]);
    expect(other.stderr).toContain('the labels trained on (--review) changed');
  });

  test('hard negatives weigh as the recipe says, with relabelled labels only; a review with others is refused', async () => {
    const training = { ...smallRecipe.training, hardNegativeWeight: 30 };
    writeFiles(folder, { 'weighted.json': JSON.stringify({ ...smallRecipe, training }) });
    const short = ['--epochs', '1'];
    const relabelled = ['--label-set', 'relabelled', '--review', at('review.csv'), ...short];
    const weighted = ['--recipe', at('weighted.json')];
    for (const [out, options] of Object.entries({
      'weighted, relabelled': [...relabelled, ...weighted],
      'even, relabelled': relabelled,
      'weighted, published': [...short, ...weighted],
      'even, published': short,
    })) {
      expect((await crossValidate(out, options)).status).toBe(0);
    }
    const history = (out: string) => csv(out, 'fold-0', 'history.csv').map(({ seconds: _, ...row }) => row);
    expect(history('weighted, relabelled')).not.toEqual(history('even, relabelled'));
    expect(history('weighted, published')).toEqual(history('even, published'));

    // A cell of a healthy patient is uninfected, whatever the review says: no label changes.
    const patients = csv('whole', 'predictions.csv').map(({ patient }) => patient);
    const healthy = review.findIndex(
      (row, i) => row['review'] === 'disagrees' && patients[i].startsWith('C'),
    );
    const lines = readFileSync(at('review.csv'), 'utf8').split('\n');
    lines[healthy + 1] = lines[healthy + 1].replace('disagrees', 'agrees');
    writeFiles(folder, { 'less.csv': lines.join('\n') });
    const less = relabelled.map((option) => (option === at('review.csv') ? at('less.csv') : option));
    const refused = await crossValidate('weighted, relabelled', [...less, ...weighted]);
    expect(refused.stderr).toContain('the labels trained on (--review) changed');
    const same = await crossValidate('even, relabelled', less);
    expect(same.stderr).not.toContain('giemsa:');
  });

  test('takes folds from a CSV, and only some of them', async () => {
    const folds = at('whole', 'folds.csv');
    const same = await crossValidate('same', ['--folds', folds, '--only-folds', '0,2']);
    expect(same.status).toBe(0);
    const foldOf = new Map(csv('whole', 'folds.csv').map(({ patient, fold }) => [patient, fold]));
    const predictions = csv('same', 'predictions.csv');
    expect(new Set(predictions.map(({ fold }) => fold))).toEqual(new Set(['0', '2']));
    for (const { patient, fold } of predictions) expect(foldOf.get(patient)).toBe(fold);
    for (const { patient } of csv('same', 'fold-0', 'split.csv')) expect(foldOf.get(patient)).not.toBe('1');
  });

  test('refuses folds of which one cannot be trained without, before any is trained', async () => {
    const cells = csv('whole', 'predictions.csv');
    const infected = new Set(
      cells.filter(({ label }) => label === 'parasitized').map(({ patient }) => patient),
    );
    const patients = [...new Set(cells.map(({ patient }) => patient))];
    // Without fold 0 there is no parasitized cell.
    const rows = patients.map((patient) => `${patient},${infected.has(patient) ? 0 : 1}`);
    writeFiles(folder, { 'folds.csv': `patient,fold\n${rows.join('\n')}\n` });
    const refused = await crossValidate('refused', ['--folds', at('folds.csv')]);
    expect(refused).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('where fold 0 is the test:'),
    });
    expect(existsSync(at('refused'))).toBe(false);
  });

  test.each([
    [['--folds', '1'], 2, 'Expected 2 folds or more'],
    [['--folds', '10'], 1, '10 folds need 10 patients with parasitized cells; the data have 9'],
    [['--folds', 'nowhere.csv'], 1, 'cannot read nowhere.csv: it does not exist'],
    [['--only-folds', '0,9'], 1, 'Received: 0, 9; with cells: 0, 1, 2'],
    [['--only-folds', '1'], 1, 'needs two folds or more'],
    [['--label-set', 'dropped'], 2, 'needs --review'],
  ])('refuses %j', async (options, status, message) => {
    const refused = await crossValidate('refused', options);
    expect(refused).toMatchObject({ status, stderr: expect.stringContaining(message) });
    expect(existsSync(at('refused'))).toBe(false);
  });

  test('an image that cannot be read is named once, left out, and tells by the status', async () => {
    const damaged = at('damaged');
    await drawInto(damaged, 160);
    const { name } = csv('whole', 'predictions.csv')[0];
    writeFiles(damaged, { [`Parasitized/${name}`]: 'not an image' });
    const options = ['--data', damaged, '--epochs', '1', '--folds', '2'];
    const result = await crossValidate('left-out', options);
    expect(result.status).toBe(3);
    expect(result.stderr.split(name)).toHaveLength(2);
    expect(csv('left-out', 'predictions.csv')).toHaveLength(159);
    expect(json('left-out', 'run.json').leftOut).toHaveLength(1);
    rmSync(damaged, { recursive: true });
  });
});

describe('train --label-set', () => {
  /** The share of parasitized cells among those trained on, from the split and the review. */
  function priorOf(labelOf: (row: Record<string, string>, disputed: boolean) => string | undefined): number {
    const disputed = new Set(
      review.filter((row) => row['review'] === 'disagrees').map(({ name, label }) => `${label}/${name}`),
    );
    const labels = csv('whole', 'fold-0', 'split.csv')
      .filter(({ part }) => part === 'train')
      .map((row) => labelOf(row, disputed.has(`${row['label']}/${row['name']}`)))
      .filter((label) => label !== undefined);
    return labels.filter((label) => label === 'parasitized').length / labels.length;
  }
  const flipped: Record<string, string> = { parasitized: 'uninfected', uninfected: 'parasitized' };

  test.each([
    [
      'relabelled',
      (row: Record<string, string>, disputed: boolean) =>
        disputed && row['patient'].startsWith('P') ? flipped[row['label']] : row['label'],
    ],
    ['dropped', (row: Record<string, string>, disputed: boolean) => (disputed ? undefined : row['label'])],
  ] as const)(
    'trains on the labels of %s, and predicts all cells with the published ones',
    async (set, labelOf) => {
      const split = at('whole', 'fold-0', 'split.csv');
      const fixed = ['train', '--data', data, '--recipe', recipe, '--epochs', '1', '--split', split];
      const out = at(`train-${set}`);
      const result = await runCommand([
        ...fixed,
        '--label-set',
        set,
        '--review',
        at('review.csv'),
        '--out',
        out,
      ]);
      expect(result.status).toBe(0);
      const shown = await runCommand(['model', 'show', join(out, 'model.onnx'), '--format', 'json']);
      expect(JSON.parse(shown.stdout).metadata.prior).toBeCloseTo(priorOf(labelOf), 12);
      const rows = (...path: string[]) =>
        csv(...path).map((row) => `${row['label']}/${row['name']}/${row['part']}`);
      const predicted = rows('whole', 'fold-0', 'split.csv').filter((row) => !row.endsWith('/train'));
      expect(rows(`train-${set}`, 'predictions.csv').sort()).toEqual(predicted.sort());
    },
  );
});
