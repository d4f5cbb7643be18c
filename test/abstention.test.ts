import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { drawNonCells } from '../dist/cells/draw-non-cells.js';
import { encodePng } from '../dist/cells/encode.js';
import { readModel } from '../dist/model/file.js';
import { demo } from '../dist/recipes/demo.js';
import { runCommand } from './support/command.ts';
import { temporaryFolder } from './support/temporary.ts';
import { drawInto } from './support/training.ts';

const folder = temporaryFolder();
const place = (name: string) => join(folder, name);
const model = place('run/model.onnx');

async function done(args: string[]): Promise<string> {
  const { status, stdout, stderr } = await runCommand(args);
  expect(stderr).not.toMatch(/^giemsa: /m);
  expect(status).toBe(0);
  return stdout;
}

beforeAll(async () => {
  await drawInto(place('cells'), 600);
  const training = { ...demo.training, epochs: 12, colours: 0.3, calibration: 'temperature', outlier: true };
  writeFileSync(place('recipe.json'), JSON.stringify({ ...demo, name: 'abstains', training }));
  const recipe = ['--recipe', place('recipe.json')];
  await done(['train', '--data', place('cells'), ...recipe, '--out', place('run'), '--seed', '1', '--quiet']);
}, 1_200_000);

describe('a model that may say that it cannot tell', () => {
  test('says how it was calibrated and when it abstains', async () => {
    const { metadata, colours, outlier, platelet, network } = await readModel(
      new Uint8Array(readFileSync(model)),
    );
    expect(metadata.colours).toEqual({ method: 'logistic', share: 0.3 });
    expect(colours?.linear.some((weight) => weight !== 0)).toBe(true);
    expect(metadata.calibration?.method).toMatch(/^(temperature|none)$/);
    expect(metadata.abstention?.appearance.diameter[0]).toBeGreaterThan(60);
    expect(outlier?.mean).toHaveLength(48);
    expect(platelet?.get('dense-1/kernel')?.shape).toEqual([48, 1]);
    expect(metadata.abstention?.platelet?.scaledOn).toBe('val, at most 2 % of the cells called parasitized');
    expect(network).toEqual(demo.network);
  });

  test('calls nothing that is no cell', async () => {
    mkdirSync(place('others'));
    const names = drawNonCells(3).map(({ name, image }, i) => {
      writeFileSync(place(`others/${i}.png`), encodePng(image));
      return name;
    });
    const rows = (await done(['classify', place('others'), '--model', model, '--format', 'jsonl', '--quiet']))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows).toHaveLength(names.length);
    const called = rows.flatMap(({ file, label, reason }) => {
      const name = names[Number.parseInt(file.slice(file.lastIndexOf('/') + 1), 10)];
      expect(reason === null).toBe(label !== 'indeterminate');
      return label === 'indeterminate' ? [] : [`${name}: ${label}`];
    });
    expect(called).toEqual([]);
  });

  test('evaluate gives the share and the reasons, and calls the other cells better', async () => {
    const args = ['--model', model, '--data', place('cells'), '--split', place('run/split.csv'), '--quiet'];
    const { cells, accuracy, indeterminate } = JSON.parse(
      await done(['evaluate', ...args, '--format', 'json']),
    );
    const { share, reasons, called } = indeterminate;
    expect(Object.values<number>(reasons).reduce((a, b) => a + b, 0)).toBe(indeterminate.cells);
    expect(share).toBe(indeterminate.cells / cells);
    expect(share).toBeLessThan(0.4);
    expect(called.accuracy).toBeGreaterThanOrEqual(accuracy - 0.02);
    expect(await done(['evaluate', ...args])).toContain(`Indeterminate: ${indeterminate.cells} cells`);

    // The training said the same.
    const metrics = JSON.parse(readFileSync(place('run/metrics.json'), 'utf8'));
    expect(metrics.indeterminate).toEqual(indeterminate);
    const [header, ...rows] = readFileSync(place('run/predictions.csv'), 'utf8').trim().split('\n');
    expect(header).toBe('name,label,patient,part,probability,reason');
    const tested = rows.map((row) => row.split(',')).filter(([, , , part]) => part === 'test');
    expect(tested.filter(([, , , , , reason]) => reason !== '')).toHaveLength(indeterminate.cells);
  });

  test('the report of the run has the share, the reasons and the curve', async () => {
    await done(['report', place('run'), '--quiet']);
    const report = readFileSync(place('run/report.html'), 'utf8');
    expect(report).toContain('Why cells are indeterminate');
    expect(report).toContain('Risk and coverage');
  });

  test('the report of classify counts the reasons', async () => {
    const report = place('report.html');
    await done(['classify', place('others'), '--model', model, '--report', report, '--quiet']);
    expect(readFileSync(report, 'utf8')).toContain('Why images are indeterminate');
    expect(readFileSync(report, 'utf8')).toContain('not cut out on black');
  });
});
