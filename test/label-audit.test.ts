import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { parseHTML } from 'linkedom';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { drawCells } from '../src/cells/draw.ts';
import { encodePng } from '../src/cells/encode.ts';
import type { PrintedLabelAudit } from '../src/cli/label-audit.ts';
import { random } from '../src/recipes/random.ts';
import { runCommand } from './support/command.ts';
import { temporaryFolder, writeFiles } from './support/temporary.ts';

// Machines may be busy.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const root = temporaryFolder();
const data = join(root, 'cells');
const [labels, review, corrections] = ['labels.csv', 'review.csv', 'corrections.csv'].map((name) =>
  join(root, name),
);
const audit = (...args: string[]) => runCommand(['dataset', 'audit', data, ...args]);

// A model that is nearly always right about the parasite; five labels of each kind are published the other way round.
const draw = random(3);
const drawn = drawCells({ count: 120, seed: 5 });
const wrong = new Set(
  (['parasitized', 'uninfected'] as const).flatMap((label) =>
    drawn
      .filter((cell) => cell.label === label)
      .slice(0, 5)
      .map(({ name }) => name),
  ),
);
const cells = drawn.map(({ name, label, patient, image }) => {
  const published = wrong.has(name) === (label === 'parasitized') ? 'uninfected' : 'parasitized';
  const doubt = 0.02 + 0.1 * draw();
  return { name, patient, image, label: published, probability: label === 'parasitized' ? 1 - doubt : doubt };
});
const foldOf = (patient: string) => Number(patient.replaceAll(/\D/g, '')) % 2;
const rows = (fold: (patient: string, i: number) => number) =>
  cells.map(
    ({ name, label, patient, probability }, i) =>
      `${name},${label},${patient},${fold(patient, i)},${probability}\n`,
  );

beforeAll(() => {
  writeFiles(
    data,
    Object.fromEntries(
      cells.map(({ name, label, image }) => [
        `${label === 'parasitized' ? 'Parasitized' : 'Uninfected'}/${name}`,
        encodePng(image),
      ]),
    ),
  );
  const doubted = cells.map(
    ({ name, label }) => `${name},${label},${wrong.has(name) ? 'disagrees' : 'agrees'}\n`,
  );
  const [first] = cells.filter(({ name }) => wrong.has(name));
  const other = first.label === 'parasitized' ? 'uninfected' : 'parasitized';
  writeFiles(root, {
    'labels.csv': `name,label,patient,fold,probability\n${rows(foldOf).join('')}`,
    'leaking.csv': `name,label,patient,fold,probability\n${rows((_, i) => i % 3).join('')}`,
    'review.csv': `name,label,review\n${doubted.join('')}`,
    'corrections.csv': `name,label,corrected,who,when,why\n${first.name},${first.label},${other},A. Reader,2026-01-31,no doubt\n`,
  });
});

describe('dataset audit --labels', () => {
  test('finds the labels that are wrong, and evaluates on published and corrected ones', async () => {
    const { status, stdout } = await audit(
      ...['--labels', labels, '--review', review, '--corrections', corrections, '--format', 'json'],
    );
    expect(status).toBe(0);
    const found: PrintedLabelAudit = JSON.parse(stdout);
    expect(found.review).toMatchObject({ doubted: 10, found: 10, recall: 1, averagePrecision: 1 });
    expect(new Set(found.suspects.map(({ name }) => name))).toEqual(wrong);
    expect(found.corrections?.published.counts).toMatchObject({ fp: 5, fn: 5 });
    expect(found.corrections?.corrected.accuracy).toBeCloseTo(1 - 9 / 120, 12);
    expect(found.corrections?.list).toMatchObject([
      { who: 'A. Reader', when: '2026-01-31', why: 'no doubt' },
    ]);
  });

  test('--out writes the ranking of all cells, the JSON and a gallery; labels stay as published', async () => {
    const out = join(root, 'out');
    const { status, stdout } = await audit('--labels', labels, '--corrections', corrections, '--out', out);
    expect(status).toBe(0);
    expect(stdout).toContain('A. Reader');
    expect(stdout).toContain('Nothing was changed');
    expect(readdirSync(out).sort()).toEqual(['figures', 'label-audit.json', 'label-errors.csv']);
    const ranking: Record<string, string>[] = parse(readFileSync(join(out, 'label-errors.csv')), {
      columns: true,
    });
    expect(ranking.map(({ rank }) => Number(rank))).toEqual(cells.map((_, i) => i + 1));
    expect(new Set(ranking.slice(0, 10).map(({ name }) => name))).toEqual(wrong);
    const published = new Map(cells.map(({ name, label }) => [name, label]));
    for (const { name, label } of ranking) expect(label).toBe(published.get(name));
    const { document } = parseHTML(readFileSync(join(out, 'figures', 'label-errors.svg'), 'utf8'));
    expect(document.querySelectorAll('image').length).toBe(10);
    expect(document.querySelector('desc')?.textContent).toContain('likely parasitized: 5 cells');
  });

  test('refuses leaking folds, other data, and options that do not go together', async () => {
    const leaking = await audit('--labels', join(root, 'leaking.csv'));
    expect([leaking.status, leaking.stdout]).toEqual([1, '']);
    expect(leaking.stderr).toMatch(/leaking\.csv: \d+ patients have cells in several folds/);
    writeFiles(root, {
      'other.csv':
        'name,label,patient,fold,probability\nx.png,parasitized,P1,0,0.5\ny.png,uninfected,P2,1,0.5\n',
    });
    const other = await audit('--labels', join(root, 'other.csv'), '--out', join(root, 'none'));
    expect(other.status).toBe(1);
    expect(other.stderr).toContain('has no cell parasitized/x.png');
    expect(readdirSync(root)).not.toContain('none');
    expect(await audit('--corrections', corrections)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('--corrections goes with --labels'),
    });
    expect((await audit('--labels', labels, '--split', labels)).status).toBe(2);
  });
});
