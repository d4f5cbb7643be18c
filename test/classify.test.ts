import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, it } from 'vitest';
import { drawCells } from '../src/cells/draw.ts';
import { encodePng } from '../src/cells/encode.ts';
import { loadClassifier } from '../src/index.ts';
import { writeModel } from '../src/model/file.ts';
import { makeBadInputs } from './bad-inputs.ts';
import { runCommand } from './support/command.ts';
import { temporaryFolder, writeFiles } from './support/temporary.ts';
import { testModel } from './support/test-model.ts';

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
      /^giemsa: no model at .*none\.onnx: cannot read it: it does not exist; name a model file\n$/,
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

it('more than a hundred bad inputs: each is named, the rest is read, no stack trace, exit status 3', async () => {
  const { paths, inputs } = makeBadInputs(join(root, 'bad'));
  expect(inputs.length).toBeGreaterThan(100);
  const { status, stdout, stderr } = await classify(...paths, '--format', 'jsonl');
  expect(status).toBe(3);
  expect(stderr).not.toMatch(/^\s+at /m);
  const rows = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const said = Object.fromEntries(rows.map(({ file, error }) => [file, error === null ? 'read' : 'error']));
  const expected = inputs.filter(({ outcome }) => outcome !== 'ignored');
  expect(said).toEqual(Object.fromEntries(expected.map(({ file, outcome }) => [file, outcome])));
  expect(rows).toHaveLength(expected.length);
});
