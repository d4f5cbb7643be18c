import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { type DrawnCell, drawCells } from '../src/cells/draw.ts';
import { encodePng } from '../src/cells/encode.ts';
import { writeModel } from '../src/model/file.ts';
import { describeInChromium } from './support/check-page.ts';
import { interruptCommand, runCommand } from './support/command.ts';
import { temporaryFolder, writeFiles } from './support/temporary.ts';
import { testModel } from './support/test-model.ts';

// Machines may be busy.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const root = temporaryFolder();
const [model, cells, report] = ['model.onnx', 'cells', 'report.html'].map((name) => join(root, name));
const drawn: DrawnCell[] = drawCells({ count: 250, seed: 4 });
let rows: { label: string; probability: number; file: string }[];

const read = (path: string) => parseHTML(readFileSync(path, 'utf8')).document;
const classify = (...args: string[]) =>
  runCommand(['classify', ...args, '--model', model, '--format', 'json']);
const text = (path: string) => read(path).body.textContent?.replace(/\s+/g, ' ') ?? '';

beforeAll(async () => {
  writeFileSync(model, await writeModel(testModel()));
  writeFiles(cells, Object.fromEntries(drawn.map(({ name, image }) => [name, encodePng(image)])));
  writeFiles(cells, { 'zz <b>broken</b>.png': 'no image' });
  const { status, stdout, stderr } = await classify(cells, '--report', report, '--prevalence', '0.01');
  expect(status).toBe(3);
  expect(stderr).toContain(`The report is in ${report}.`);
  rows = JSON.parse(stdout);
});

describe('classify --report', () => {
  test('says the counts of the rows', () => {
    const count = (label: string | null) => rows.filter((row) => row.label === label).length;
    const value = (name: string) =>
      [...read(report).querySelectorAll('tr')].find((row) => row.firstElementChild?.textContent === name)
        ?.children[1].textContent;
    expect(value('parasitized')).toBe(String(count('parasitized')));
    expect(value('uninfected')).toBe(String(count('uninfected')));
    expect(value('could not be read')).toBe('1');
    expect(text(report)).toMatch(/251 images classified/);
  });

  test('shows the highest, the nearest to the threshold and the lowest, in order', () => {
    const lists = [...read(report).querySelectorAll('ul.images')];
    expect(lists.map((list) => list.querySelectorAll('img').length)).toEqual([64, 64, 64]);
    const shown = lists.map((list) =>
      [...list.querySelectorAll('strong')].map((strong) => Number(strong.textContent)),
    );
    for (const group of shown) expect(group).toEqual(group.toSorted((a, b) => b - a));
    const all = rows
      .filter(({ label }) => label !== null)
      .map(({ probability }) => probability)
      .sort((a, b) => b - a);
    expect(shown[0][0]).toBeCloseTo(all[0], 2);
    expect(shown[2][63] / all[249]).toBeCloseTo(1, 2);
  });

  test('names the model, its checksum and its threshold on both scales, and the stated prevalence', () => {
    const said = text(report);
    const sha256 = createHash('sha256').update(readFileSync(model)).digest('hex');
    for (const part of [
      sha256,
      'recipe test',
      'Research software, not a medical device',
      '1 % of the cells',
      '0.250, chosen on validation, specificity 0.973',
    ]) {
      expect(said).toContain(part);
    }
    expect(said).toContain(`The threshold ${(1 / 298).toPrecision(3)} is 0.250 on the model’s own scale.`);
    expect(said).toMatch(/parasitizedmodel 0\.\d+/);
  });

  test('has an interval over patients where all are known, by name or by file', async () => {
    expect(text(report)).toMatch(/95 % interval \d+\.\d % to \d+\.\d %, over \d+ patients/);
    const patients = join(root, 'patients.csv');
    writeFileSync(
      patients,
      `image,patient\n${drawn
        .slice(1)
        .map(({ name }, i) => `${name},Q${i % 5}\n`)
        .join('')}`,
    );
    const other = join(root, 'by-file.html');
    await classify(cells, '--report', other, '--patients', patients);
    expect(text(other)).toContain('whose cells 1 of them are is not known, so there is no interval');
    const names = [...read(other).querySelectorAll('tr')].map((row) => row.firstElementChild?.textContent);
    expect(names).toEqual(expect.arrayContaining(['Q0', 'Q1', 'Q2', 'Q3', 'Q4']));
  });

  test('names what could not be read, as text', () => {
    expect(readFileSync(report, 'utf8')).not.toContain('<b>broken');
    expect(text(report)).toMatch(/zz <b>broken<\/b>\.png ?not a PNG/);
    expect(read(report).querySelectorAll('script, link, iframe').length).toBe(0);
  });

  test('the same images give the same bytes, and a few are all shown', async () => {
    const again = join(root, 'again.html');
    await classify(cells, '--report', again, '--prevalence', '0.01', '--threads', '1');
    expect(readFileSync(again, 'utf8')).toBe(readFileSync(report, 'utf8'));
    const few = join(root, 'few.html');
    await classify(join(cells, drawn[0].name), '--report', few);
    expect(text(few)).toContain('All images that could be read');
    expect(text(few)).toContain('all are of one patient');
  });

  test('is not written where the command is stopped, nor in the place of a folder', async () => {
    const stopped = join(root, 'stopped.html');
    const { status, stderr } = await interruptCommand(
      ['classify', '-', '--model', model, '--format', 'jsonl', '--report', stopped],
      `${cells}\n`.repeat(20),
      100,
      'SIGINT',
    );
    expect([status, existsSync(stopped)]).toEqual([130, false]);
    expect(stderr).toContain('No report was written.');
    expect(await classify(cells, '--report', cells)).toMatchObject({ status: 1, stdout: '' });
  });
});

describeInChromium('the report of classify', () => report);
