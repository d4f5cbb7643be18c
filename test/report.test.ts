import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { describeInChromium } from './support/check-page.ts';
import { runCommand } from './support/command.ts';
import { type MadeRun, makeRun } from './support/run-folder.ts';
import { temporaryFolder } from './support/temporary.ts';

// Machines may be busy.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const root = temporaryFolder();
let made: MadeRun;
const report = (...args: string[]) => runCommand(['report', ...args]);
const read = (...path: string[]) => readFileSync(join(...path), 'utf8');

beforeAll(async () => {
  made = await makeRun(root);
  expect(await report(made.run, '--data', made.data)).toMatchObject({ status: 0, stdout: '' });
});

const FIGURES = [
  'batch',
  'confusion-matrix',
  'healthy-curve',
  'history',
  'per-patient',
  'pr-curve',
  'reliability',
  'risk-coverage',
  'roc-curve',
  'score-distribution',
  'worst-mistakes',
];

describe('giemsa report', () => {
  test('writes one HTML file, and every figure as SVG and PNG', () => {
    const files = FIGURES.flatMap((name) => [`${name}.png`, `${name}.svg`]);
    expect(readdirSync(join(made.run, 'figures')).sort()).toEqual(files.sort());
    const { document } = parseHTML(read(made.run, 'report.html'));
    expect(document.querySelectorAll('script, link, iframe, img, [src]').length).toBe(0);
    expect(document.querySelector('header')?.textContent).toContain(
      'Patient-disjoint split, published labels, part test',
    );
    expect(document.querySelectorAll('p.summary').length).toBe(3);
    expect(document.querySelectorAll('figure > svg').length).toBe(FIGURES.length);
  });

  test('says the figures of metrics.json, and no path of the machine', () => {
    const metrics = JSON.parse(read(made.run, 'metrics.json'));
    const { document } = parseHTML(read(made.run, 'report.html'));
    const value = (name: string) =>
      [...document.querySelectorAll('tr')].find((row) => row.firstElementChild?.textContent === name)
        ?.children[1].textContent;
    expect(value('ROC AUC')).toBe(metrics.rocAuc.toFixed(3));
    expect(value('MCC')).toBe(metrics.mcc.toFixed(3));
    expect(document.body.textContent).not.toContain('/home/somebody');
    expect(document.body.textContent).not.toContain(root);
  });

  test('writes a model card whose numbers are those of metrics.json, to the digit', () => {
    const metrics = JSON.parse(read(made.run, 'metrics.json'));
    const card = JSON.parse(read(made.run, 'model-card.json'));
    const text = read(made.run, 'model-card.md');
    expect(Object.keys(card.figures)).toHaveLength(12);
    for (const [name, { value, interval }] of Object.entries<{
      value: number;
      interval: [number, number] | null;
    }>(card.figures)) {
      expect([name, value, interval]).toEqual([name, metrics[name], metrics.intervals[name] ?? null]);
      expect(text).toContain(`| ${value.toFixed(4)} |`);
    }
    for (const name of ['betweenPatients', 'healthy', 'ppvAt', 'calibration', 'intervalMethod']) {
      expect(card[name], name).toEqual(metrics[name]);
    }
    for (const name of ['cells', 'patients', 'threshold', 'chosenOn', 'counts', 'part']) {
      expect(card.protocol[name], name).toEqual(metrics[name]);
    }
    expect(text).toContain('**Not for clinical use');
    expect(text).not.toContain('/home/somebody');
  });

  test('every figure has a text alternative with its numbers', () => {
    const { counts } = JSON.parse(read(made.run, 'metrics.json'));
    for (const name of FIGURES) {
      const { document } = parseHTML(read(made.run, 'figures', `${name}.svg`));
      expect([name, document.querySelector('title')?.textContent]).not.toEqual([name, '']);
      expect(document.querySelector('desc')?.textContent, name).toMatch(/\d/);
    }
    const matrix = parseHTML(read(made.run, 'figures', 'confusion-matrix.svg')).document;
    for (const number of Object.values(counts)) {
      expect(matrix.querySelector('desc')?.textContent).toContain(` ${number} `);
    }
  });

  test('the same run gives the same bytes', async () => {
    const copy = join(root, 'again', 'run');
    cpSync(made.run, copy, { recursive: true });
    rmSync(join(copy, 'figures'), { recursive: true });
    await report(copy, '--data', made.data);
    for (const name of ['report.html', 'model-card.md', 'model-card.json']) {
      expect(read(copy, name), name).toBe(read(made.run, name));
    }
    for (const file of readdirSync(join(made.run, 'figures'))) {
      expect(
        readFileSync(join(copy, 'figures', file)).equals(readFileSync(join(made.run, 'figures', file))),
        file,
      ).toBe(true);
    }
  });

  test('without the cells there are no galleries, and the report says how to have them', async () => {
    const copy = join(root, 'bare');
    cpSync(made.run, copy, { recursive: true });
    rmSync(join(copy, 'figures'), { recursive: true });
    expect((await report(copy, '--quiet')).stderr).toBe('');
    expect(readdirSync(join(copy, 'figures'))).toHaveLength(18);
    expect(read(copy, 'report.html')).toContain('--data DIR');
  });

  test('a split that leaks is called one', async () => {
    const leaking = await makeRun(join(root, 'leaking'), { protocol: 'patients in two parts (leaks)' });
    await report(leaking.run);
    expect(read(leaking.run, 'report.html')).toContain('This split leaks');
  });
});

describe('a folder that is no finished run is refused, and nothing is written', () => {
  const cases: [name: string, file: string, content: string | null, reason: RegExp][] = [
    ['no run.json', 'run.json', null, /run\.json: it does not exist/],
    ['run.json is no JSON', 'run.json', '{"a":', /run\.json is not JSON/],
    ['run.json of something else', 'run.json', '{"name":"x"}', /run\.json is not that of a run/],
    ['metrics.json of something else', 'metrics.json', '[]', /metrics\.json is not that of a run/],
    ['no predictions', 'predictions.csv', null, /predictions\.csv: it does not exist/],
    [
      'predictions of other columns',
      'predictions.csv',
      'a,b\n1,2\n',
      /predictions\.csv lacks the column name/,
    ],
    ['predictions that are an image', 'predictions.csv', '\x89PNG\r\n\x1a\n\0\0', /predictions\.csv/],
    [
      'predictions of no test part',
      'predictions.csv',
      'name,label,patient,part,probability\na,uninfected,P1,val,0.1\n',
      /has no cells of the part test/,
    ],
    [
      'predictions of another run',
      'predictions.csv',
      'name,label,patient,part,probability\na,uninfected,P1,test,0.1\n',
      /does not have the figures of/,
    ],
    [
      'history with words',
      'history.csv',
      'epoch,trainLoss,trainAccuracy,trainRocAuc,valLoss,valAccuracy,valRocAuc\n1,x,1,1,1,1,1\n',
      /history\.csv, row 2: trainLoss must be a number/,
    ],
  ];
  test.each(cases)('%s', async (name, file, content, reason) => {
    const folder = join(root, 'broken', name.replaceAll(' ', '-'));
    cpSync(made.run, folder, { recursive: true });
    rmSync(join(folder, 'figures'), { recursive: true });
    rmSync(join(folder, 'report.html'));
    if (content === null) rmSync(join(folder, file));
    else writeFileSync(join(folder, file), content, 'latin1');
    const { status, stderr } = await report(folder);
    expect(status).toBe(1);
    expect(stderr).toMatch(reason);
    expect(stderr).not.toMatch(/at .*\.js|should not happen/);
    expect([existsSync(join(folder, 'figures')), existsSync(join(folder, 'report.html'))]).toEqual([
      false,
      false,
    ]);
  });

  test('an unfinished run, and data of another set', async () => {
    const folder = join(root, 'unfinished');
    cpSync(made.run, folder, { recursive: true });
    writeFileSync(join(folder, 'run.json'), read(folder, 'run.json').replace('"finished"', '"training"'));
    expect(await report(folder)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('is not finished'),
    });
    const { data } = await makeRun(join(root, 'other'));
    for (const label of ['Parasitized', 'Uninfected']) {
      for (const name of readdirSync(join(data, label)).slice(1)) rmSync(join(data, label, name));
    }
    const { status, stderr } = await report(made.run, '--data', data);
    expect(status).toBe(1);
    expect(stderr).toContain('which was predicted');
  });
});

describeInChromium('the report', () => join(made.run, 'report.html'));
