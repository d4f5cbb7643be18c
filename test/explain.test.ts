import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { decodeImage } from '../src/cells/decode.ts';
import { drawParasite } from '../src/cells/draw-parasite.ts';
import { encodePng } from '../src/cells/encode.ts';
import { explain, loadClassifier } from '../src/index.ts';
import { writeModel } from '../src/model/file.ts';
import { runCommand } from './support/command.ts';
import { drawPair } from './support/drawn-pair.ts';
import { temporaryFolder, writeFiles } from './support/temporary.ts';
import { testModel } from './support/test-model.ts';

// Machines may be busy.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const root = temporaryFolder();
const small = join(root, 'small.onnx');
const cells = join(root, 'cells');
const parasitized = join(cells, 'parasitized.png');
const { clean, image } = drawPair(1, drawParasite);

beforeAll(async () => {
  writeFileSync(small, await writeModel(testModel()));
  const [png, other] = [encodePng(image), encodePng(clean)];
  writeFiles(cells, { 'parasitized.png': png, 'a/Cell.png': other, 'b/cell.png': other, 'notes.txt': 'x' });
});

/** With a network of a few weights: what it says does not matter. */
const explained = (...args: string[]) => runCommand(['explain', ...args, '--model', small]);
const columns = ['file', 'label', 'probability', 'threshold', 'reason', 'error'];

describe('giemsa explain', () => {
  test('without --model the package’s own: the peaks and the picture, the same with any number of threads', async () => {
    const [one, two] = await Promise.all(
      ['1', '2'].map((threads) => {
        const out = ['--out', join(root, `maps-${threads}`)];
        return runCommand(['explain', parasitized, ...out, '--format', 'json', '--threads', threads]);
      }),
    );
    expect(one.status).toBe(0);
    expect(one.stderr).toBe(`1 heat map in ${join(root, 'maps-1')}. Research use only.\n`);
    expect(two.stdout).toBe(one.stdout);
    const [map, same] = [1, 2].map((n) => readFileSync(join(root, `maps-${n}`, 'parasitized-heat-map.png')));
    expect(same.equals(map)).toBe(true);
    const { width, height } = await decodeImage(map);
    expect([width > 1000, height > 1000]).toEqual([true, true]);

    const [{ file, label, peaks }] = JSON.parse(one.stdout);
    expect({ file, label }).toEqual({ file: parasitized, label: 'parasitized' });
    const classifier = await loadClassifier();
    const { heatMap } = await explain(classifier, image);
    await classifier.close();
    expect(peaks).toEqual(heatMap?.peaks);
  });

  test('has a row an image; tables have the place of most evidence, lists all', async () => {
    const { status, stdout, stderr } = await explained(cells, '--format', 'csv');
    expect(status).toBe(0);
    expect(stderr).toBe('1 file that is no image was ignored.\n');
    const rows: Record<string, string>[] = parse(stdout, { columns: true });
    expect(Object.keys(rows[0])).toEqual([...columns, 'x', 'y', 'evidence']);
    const lines = (await explained(cells, '--format', 'jsonl', '--quiet')).stdout.trim().split('\n');
    for (const [i, line] of lines.entries()) {
      const { file, peaks, ...rest } = JSON.parse(line);
      expect(Object.keys({ file, ...rest })).toEqual(columns);
      expect(file).toBe(rows[i]['file']);
      expect(Number(rows[i]['evidence'] || 0)).toBe(peaks[0]?.evidence ?? 0);
    }
    expect(lines).toHaveLength(3);
  });

  test('images of one name get maps of their own', async () => {
    const out = join(root, 'names');
    const { stderr } = await explained(cells, '--out', out);
    expect(stderr).toContain(`3 heat maps in ${out}. Research use only.`);
    expect(
      readdirSync(out)
        .map((name) => name.toLowerCase())
        .sort(),
    ).toEqual(['cell-2-heat-map.png', 'cell-heat-map.png', 'parasitized-heat-map.png']);
  });

  test('names what cannot be read, explains the rest, and exits with 3', async () => {
    const [broken, missing, out] = ['broken.png', 'missing.png', 'some'].map((name) => join(root, name));
    writeFileSync(broken, readFileSync(parasitized).subarray(0, 500));
    const { status, stdout, stderr } = await explained(
      ...[broken, missing, parasitized, '--out', out, '--format', 'json'],
    );
    expect(status).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject([
      { file: broken, label: null, error: expect.stringMatching(/./), peaks: null },
      { file: missing, label: null, error: 'cannot read it: it does not exist', peaks: null },
      { file: parasitized, error: null },
    ]);
    expect(stderr).toContain('2 of 3 images could not be read.\n');
    expect(readdirSync(out)).toEqual(['parasitized-heat-map.png']);
  });

  test('of a folder without images fails, and makes nothing', async () => {
    const [empty, out] = ['empty', 'nothing'].map((name) => join(root, name));
    mkdirSync(empty);
    expect(await explained(empty, '--out', out, '--format', 'json')).toEqual({
      status: 1,
      stdout: '[]\n',
      stderr: 'No images found.\n',
    });
    expect(existsSync(out)).toBe(false);
  });

  test('exits with 1 for a model or a folder that cannot be used, with 2 for wrong usage', async () => {
    for (const [args, message] of [
      [['--model', join(root, 'none.onnx')], /^giemsa: no model at .*none\.onnx/],
      [['--model', parasitized], /^giemsa: .*parasitized\.png: the model cannot be used/],
      [['--model', small, '--out', parasitized], /^giemsa: .*parasitized\.png/],
    ] as const) {
      const { status, stdout, stderr } = await runCommand(['explain', parasitized, ...args]);
      expect([status, stdout], args.join(' ')).toEqual([1, '']);
      expect(stderr).toMatch(message);
      expect(stderr).not.toContain('    at ');
    }
    for (const args of [[], [parasitized, '--format', 'xml'], [parasitized, '--threshold', '0.5']]) {
      expect(await explained(...args), args.join(' ')).toMatchObject({ status: 2, stdout: '' });
    }
  });
});
