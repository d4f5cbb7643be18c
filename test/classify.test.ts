import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { drawCells } from '../src/cells/draw.ts';
import { encodePng } from '../src/cells/encode.ts';
import { loadClassifier } from '../src/index.ts';
import { writeModel } from '../src/model/file.ts';
import { makeBadInputs } from './bad-inputs.ts';
import { interruptCommand, runCommand } from './support/command.ts';
import { temporaryFolder, writeFiles } from './support/temporary.ts';
import { testModel } from './support/test-model.ts';
import { runWatched } from './support/watched-command.ts';

// Thousands of images, on machines that may be busy.
vi.setConfig({ testTimeout: 300_000 });

const root = temporaryFolder();
const model = join(root, 'model.onnx');
const cells = join(root, 'cells');
const names = Array.from(
  { length: 30 },
  (_, i) => `${i % 2 ? 'a' : 'b'}/cell-${String(i).padStart(2, '0')}.png`,
);

beforeAll(async () => {
  writeFileSync(model, await writeModel(testModel()));
  const drawn = drawCells({ count: names.length, seed: 1 });
  writeFiles(cells, Object.fromEntries(names.map((name, i) => [name, encodePng(drawn[i].image)])));
  writeFiles(cells, { 'a/Thumbs.db': 'x', 'notes.txt': 'x' });
});

const classify = (...args: string[]) => runCommand(['classify', ...args, '--model', model]);

describe('giemsa classify', () => {
  it('prints one row an image, in order, and counts what it ignored', async () => {
    const { status, stdout, stderr } = await classify(cells, '--format', 'csv');
    expect(status).toBe(0);
    const rows: Record<string, string>[] = parse(stdout, { columns: true });
    expect(Object.keys(rows[0])).toEqual(['file', 'label', 'probability', 'threshold', 'reason', 'error']);
    expect(rows.map(({ file }) => file)).toEqual([...names].sort().map((name) => `${cells}/${name}`));
    expect(stderr).toBe('2 files that are no images were ignored.\n');
  });

  it('does its work though nobody reads what it says on the way', async () => {
    const args = ['classify', cells, '--format', 'csv', '--model', model];
    const { stdout } = await runCommand(args);
    expect(await runCommand(args, { closedStderr: true })).toEqual({ status: 0, stdout, stderr: '' });
  });

  it('says the same in every format, with any number of threads, as the library', async () => {
    const json = JSON.parse((await classify(cells, '--format', 'json')).stdout);
    expect(json).toHaveLength(30);
    const lines = (await classify(cells, '--format', 'jsonl', '--threads', '1')).stdout.trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(json);
    const three = await classify(cells, '--format', 'json', '--threads', '3');
    expect(JSON.parse(three.stdout)).toEqual(json);
    const { stdout } = await classify(cells, '--format', 'csv');
    const rows: { probability: string }[] = parse(stdout, { columns: true });
    expect(rows.map(({ probability }) => Number(probability))).toEqual(
      json.map(({ probability }: { probability: number }) => probability),
    );

    const one = join(cells, names[7]);
    const classifier = await loadClassifier(model);
    const { errorCode, ...prediction } = await classifier.classify(
      encodePng(drawCells({ count: 30, seed: 1 })[7].image),
    );
    expect(errorCode).toBeNull();
    expect(json).toContainEqual({ file: one, ...prediction });
    expect(JSON.parse((await classify(one, '--format', 'json')).stdout)).toEqual([
      { file: one, ...prediction },
    ]);
  });

  it('takes the threshold given, and is quiet when asked', async () => {
    const { stdout, stderr } = await classify(cells, '--threshold', '0', '--quiet', '--format', 'csv');
    const rows: Record<string, string>[] = parse(stdout, { columns: true });
    expect(new Set(rows.map(({ label, threshold }) => `${label} ${threshold}`))).toEqual(
      new Set(['parasitized 0']),
    );
    expect(stderr).toBe('');
  });

  it('says that a folder has no images, fails, and writes no report of nothing', async () => {
    const [empty, report] = [join(root, 'empty'), join(root, 'nothing.html')];
    mkdirSync(empty);
    const { status, stderr } = await classify(empty, '--report', report);
    expect({ status, stderr }).toEqual({ status: 1, stderr: 'No images found. No report was written.\n' });
    expect(existsSync(report)).toBe(false);
  });

  it('names what cannot be read, reads the rest and exits with 3', async () => {
    const missing = join(root, 'missing.png');
    const good = join(cells, names[0]);
    const { status, stdout, stderr } = await classify(missing, good, '--format', 'json');
    expect(status).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject([
      { file: missing, label: null, probability: null, error: 'cannot read it: it does not exist' },
      { file: good, error: null },
    ]);
    expect(stderr).toBe('1 of 2 images could not be read.\n');
  });

  it('exits with 1 for a model that cannot be used, and with 2 for wrong usage', async () => {
    const good = join(cells, names[0]);
    const missing = await runCommand(['classify', good, '--model', join(root, 'none.onnx')]);
    expect(missing).toMatchObject({ status: 1, stdout: '' });
    expect(missing.stderr).toMatch(
      /^giemsa: no model at .*none\.onnx \(cannot read it: it does not exist\): name a model file\n$/,
    );
    const wrong = await runCommand(['classify', good, '--model', good]);
    expect(wrong).toMatchObject({ status: 1, stdout: '' });
    expect(wrong.stderr).toMatch(/^giemsa: .*cell-00\.png: the model cannot be used: .*\n$/);
    for (const args of [
      [],
      [good, '--threshold', '2'],
      [good, '--format', 'xml'],
      [good, '--threads', '0'],
    ]) {
      expect((await classify(...args)).status, args.join(' ')).toBe(2);
    }
  });
});

describe('a list of paths on stdin', () => {
  const stdin = (input: string, ...args: string[]) =>
    runCommand(['classify', ...args, '--model', model, '--format', 'csv'], { input });
  const filesOf = (stdout: string) =>
    (parse(stdout, { columns: true }) as Record<string, string>[]).map(({ file }) => file);

  it('stands where - is: images, folders, archives, in order', async () => {
    const [one, two] = [join(cells, names[3]), join(cells, names[8])];
    const { status, stdout } = await stdin(`${two}\r\n\n${join(cells, 'a')}`, one, '-', one);
    expect(status).toBe(0);
    const inFolder = names.filter((name) => name.startsWith('a/')).sort();
    expect(filesOf(stdout)).toEqual([one, two, ...inFolder.map((name) => join(cells, name)), one]);
  });

  it('takes names with line ends, where each ends in a NUL byte', async () => {
    const odd = join(root, 'odd\nname.png');
    writeFileSync(odd, readFileSync(join(cells, names[0])));
    const { status, stdout } = await stdin(`${odd}\0${join(cells, names[1])}\0`, '-', '-0');
    expect([status, filesOf(stdout)]).toEqual([0, [odd, join(cells, names[1])]]);
  });

  it('names what is no image in its row, and refuses what is no list', async () => {
    const missing = await stdin(`${root}/none.png\n`, '-');
    expect(missing).toMatchObject({ status: 3, stderr: '1 of 1 image could not be read.\n' });
    expect(filesOf(missing.stdout)).toEqual([`${root}/none.png`]);
    expect(await stdin('a\0b\0', '-')).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^giemsa: entry 1 of the list .*NUL.*--null/),
    });
    expect(await stdin('', '-')).toMatchObject({ status: 0, stderr: 'No images found.\n' });
  });

  it('is one', async () => {
    expect((await stdin('', '-', '-')).status).toBe(2);
    expect((await stdin('', cells, '--null')).status).toBe(2);
  });
});

describe('--prevalence', () => {
  const rowsOf = async (...args: string[]) =>
    JSON.parse((await classify(cells, '--format', 'json', ...args)).stdout) as Record<string, never>[];

  it('shifts probabilities and the model’s threshold alike, so that no label changes', async () => {
    const plain = await rowsOf();
    const shifted = await rowsOf('--prevalence', '0.01');
    expect(Object.keys(plain[0])).toHaveLength(6);
    for (const [i, row] of shifted.entries()) {
      expect(row).toMatchObject({
        label: plain[i]['label'],
        prevalence: 0.01,
        modelProbability: plain[i]['probability'],
      });
      // The model's prior is 0.5, its threshold 0.25: odds of 1 to 3, and at 1 % of 1 to 297.
      expect(row['threshold']).toBeCloseTo(1 / 298, 12);
      const odds = plain[i]['probability'] / (1 - plain[i]['probability']) / 99;
      expect(row['probability']).toBeCloseTo(odds / (1 + odds), 12);
    }
  });

  it('with --threshold, what is printed is compared', async () => {
    const threshold = (await rowsOf('--prevalence', '0.01'))
      .map((row) => Number(row['probability']))
      .sort()[15];
    const rows = await rowsOf('--prevalence', '0.01', '--threshold', String(threshold));
    expect(new Set(rows.map(({ label }) => label)).size).toBe(2);
    for (const { label, probability } of rows) {
      expect(label).toBe(probability >= threshold ? 'parasitized' : 'uninfected');
    }
  });

  it('must be a share, and needs a model with a prior', async () => {
    for (const wrong of ['0', '1', '-1', '50 %', '']) {
      expect((await classify(cells, '--prevalence', wrong)).status, wrong).toBe(2);
    }
    const given = testModel();
    const path = join(root, 'no-prior.onnx');
    writeFileSync(path, await writeModel({ ...given, metadata: { ...given.metadata, prior: 1 } }));
    const { status, stderr } = await runCommand(['classify', cells, '--model', path, '--prevalence', '0.1']);
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/^giemsa: --prevalence needs .* prior is 1\n$/),
    ]);
  });
});

describe('any number of images', () => {
  const many = `${cells}\n`.repeat(60);

  it('come in a table as they are read, and in one JSON list', async () => {
    const table = await runCommand(['classify', '-', '--model', model], { input: many });
    const lines = table.stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(1801);
    expect(
      new Set(
        lines.map((line) =>
          line.indexOf(
            line.startsWith('file') ? 'label' : line.includes('parasitized') ? 'parasitized' : 'uninfected',
          ),
        ),
      ).size,
    ).toBe(1);
    const { stdout } = await runCommand(['classify', '-', '--model', model, '--format', 'json'], {
      input: many,
    });
    expect(stdout).toBe(`${JSON.stringify(JSON.parse(stdout), undefined, 2)}\n`);
    expect(JSON.parse(stdout)).toHaveLength(1800);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    '%s leaves whole rows and says how many are done',
    async (signal) => {
      const args = ['classify', '-', '--model', model, '--format', 'jsonl'];
      // The list never ends: only the signal ends the command.
      const { status, stdout, stderr } = await interruptCommand(args, many, 200, signal);
      expect(status).toBe(signal === 'SIGINT' ? 130 : 143);
      expect(stdout.endsWith('\n')).toBe(true);
      const rows = stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(rows.length).toBeGreaterThanOrEqual(200);
      expect(stderr).toContain(`Stopped: ${rows.length} images are done.\n`);
      expect(stderr).not.toMatch(/ {4}at /);
    },
  );

  it('a reader that goes away ends it quietly', async () => {
    const { status, stderr } = await interruptCommand(
      ['classify', '-', '--model', model, '--format', 'csv'],
      many,
      10,
      'close',
    );
    expect([status, stderr]).toEqual([0, '']);
  });
});

it('more than a hundred bad inputs: each is named, the rest is read, no stack trace, no hang, little memory', async () => {
  const { paths, inputs } = makeBadInputs(join(root, 'bad'));
  expect(inputs.length).toBeGreaterThan(100);
  const args = ['classify', ...paths, '--model', model, '--format', 'jsonl'];
  const { status, stdout, stderr, peakMemory } = await runWatched(args, 10);
  expect(status).toBe(3);
  expect(peakMemory).toBeGreaterThan(10);
  expect(peakMemory).toBeLessThan(1000);
  expect(stderr).not.toMatch(/^\s+at /m);
  const rows = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const said = Object.fromEntries(rows.map(({ file, error }) => [file, error === null ? 'read' : 'error']));
  const expected = inputs.filter(({ outcome }) => outcome !== 'ignored');
  expect(said).toEqual(Object.fromEntries(expected.map(({ file, outcome }) => [file, outcome])));
  expect(rows).toHaveLength(expected.length);
}, 600_000);

it('a model that is whole, and reads images of a million pixels, takes little memory, however many there are', async () => {
  const network = {
    input: { height: 1024, width: 1024, channels: 3 },
    layers: [{ type: 'flatten' }, { type: 'dense', units: 1 }],
  } as const;
  const large = join(root, 'large.onnx');
  writeFileSync(large, await writeModel(testModel(network)));
  const lists = Array.from({ length: 5 }, () => cells);
  const { status, stdout, peakMemory } = await runWatched(
    ['classify', ...lists, '--model', large, '--format', 'jsonl'],
    60,
  );
  expect(status).toBe(0);
  expect(stdout.trimEnd().split('\n')).toHaveLength(5 * names.length);
  expect(peakMemory).toBeLessThan(1000);
});
