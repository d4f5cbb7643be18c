import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { Audit } from '../src/audit/audit.ts';
import { drawCells } from '../src/cells/draw.ts';
import { encodePng } from '../src/cells/encode.ts';
import type { Finding } from '../src/report/audit-findings.ts';
import { describeInChromium } from './support/check-page.ts';
import { runCommand } from './support/command.ts';
import { describeReal, realData } from './support/real-data.ts';
import { temporaryFolder, writeFiles } from './support/temporary.ts';

// Machines may be busy.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

type PrintedAudit = Audit & { readonly findings: readonly Finding[] };

const root = temporaryFolder();
const audit = (...args: string[]) => runCommand(['dataset', 'audit', ...args]);
const cells = drawCells({ count: 120, seed: 5 }).map(({ image, ...cell }) => ({
  ...cell,
  png: encodePng(image),
}));
const folderOf = (label: string) => (label === 'parasitized' ? 'Parasitized' : 'Uninfected');
const clean = join(root, 'clean');
const split = join(root, 'split.csv');

beforeAll(() => {
  writeFiles(
    clean,
    Object.fromEntries(cells.map(({ name, label, png }) => [`${folderOf(label)}/${name}`, png])),
  );
  // Every third cell is tested, whatever its patient.
  const rows = cells.map(
    ({ name, label, patient }, i) => `${name},${label},${patient},${i % 3 ? 'train' : 'test'}\n`,
  );
  writeFiles(root, { 'split.csv': `name,label,patient,part\n${rows.join('')}` });
});

describe('dataset audit', () => {
  test('counts a clean data set and finds nothing wrong with it', async () => {
    const { status, stdout, stderr } = await audit(clean, '--format', 'json');
    expect([status, stderr]).toEqual([0, expect.not.stringContaining('Error')]);
    const found: PrintedAudit = JSON.parse(stdout);
    const of = (label: string) => cells.filter((cell) => cell.label === label);
    expect(found.cells).toBe(120);
    for (const label of ['parasitized', 'uninfected'] as const) {
      expect(found.labels[label]).toMatchObject({
        cells: of(label).length,
        patients: new Set(of(label).map(({ patient }) => patient)).size,
      });
    }
    const patients = new Set(cells.map(({ patient }) => patient));
    const infected = new Set(of('parasitized').map(({ patient }) => patient));
    expect(found.patients).toMatchObject({
      known: patients.size,
      withParasitized: infected.size,
      healthy: patients.size - infected.size,
      unknownCells: 0,
    });
    expect(found.duplicates).toEqual({ sameBytes: [], samePixels: [], nearlySame: [] });
    expect(found).toMatchObject({ unreadable: [], split: null });
    const texts = found.findings.map(({ text }) => text).join(' ');
    expect(texts).toContain('no exact duplicates');
  });

  test('the table says the same, with plain sentences, and threads change nothing', async () => {
    const [one, two] = await Promise.all([
      audit(clean, '--threads', '1'),
      audit(clean, '--threads', '2', '--quiet'),
    ]);
    expect(one.stdout).toBe(two.stdout);
    expect(two.stderr).toBe('');
    expect(one.stderr).toContain('reading images: 100 %');
    expect(one.stdout).toMatch(/label\s+cells\s+patients\s+width\s+height/);
    expect(one.stdout).toMatch(/ROC AUC of\s+folds by cell\s+patient-disjoint/);
    expect(one.stdout).toContain('All 120 cells can be read.');
  });

  test('names damaged files, duplicates and what they cross, and exits with 3', async () => {
    const bad = join(root, 'bad');
    const a = cells.filter(({ label }) => label === 'parasitized')[0];
    const b = cells.filter(({ label }) => label === 'uninfected')[0];
    const other = cells.filter(({ patient }) => patient !== b.patient)[0];
    writeFiles(bad, {
      ...Object.fromEntries(cells.map(({ name, label, png }) => [`${folderOf(label)}/${name}`, png])),
      [`Uninfected/${a.name}`]: a.png,
      [`Uninfected/${other.name.replace('_cell_', '_cell_9')}`]: b.png,
      'Parasitized/cut.png': a.png.subarray(0, 500),
      'Parasitized/text.png': 'no image',
      'Parasitized/notes.txt': 'no image either',
    });
    const { status, stdout, stderr } = await audit(bad, '--format', 'json');
    expect(status).toBe(3);
    const found: PrintedAudit = JSON.parse(stdout);
    expect(found.unreadable.map(({ path }) => path).sort()).toEqual([
      'Parasitized/cut.png',
      'Parasitized/text.png',
    ]);
    expect(stderr).toContain('cut.png: ');
    expect(found.ignored).toBe(1);
    expect(found.cells).toBe(122);
    const { sameBytes } = found.duplicates;
    expect(sameBytes).toHaveLength(2);
    expect(sameBytes.filter(({ acrossLabels }) => acrossLabels)).toHaveLength(1);
    const texts = found.findings.filter(({ kind }) => kind === 'warning').map(({ text }) => text);
    expect(texts.join(' ')).toMatch(
      /2 files cannot be read.*2 groups of exact duplicates, 1 with both labels/,
    );
  });

  test('with a split it counts its parts, and finds what leaks', async () => {
    const { status, stdout } = await audit(clean, '--split', split, '--format', 'json');
    expect(status).toBe(0);
    const found: PrintedAudit = JSON.parse(stdout);
    expect(found.split?.parts.map((part) => part.cells)).toEqual([80, 0, 40]);
    expect(found.split?.patientsInSeveralParts).toBeGreaterThan(5);
    expect(found.findings.map(({ text }) => text).join(' ')).toContain(
      'cells in several parts of the split: it leaks',
    );
  });

  test('a split of other data is refused', async () => {
    writeFiles(root, { 'other.csv': 'name,label,patient,part\nx.png,parasitized,P1,train\n' });
    const { status, stdout, stderr } = await audit(clean, '--split', join(root, 'other.csv'));
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^giemsa: the split has a cell parasitized\/x\.png that is not in the data/m);
  });

  test('cells of unknown patients, or of one label only, are no reason to stop', async () => {
    const unknown = join(root, 'unknown');
    writeFiles(
      unknown,
      Object.fromEntries(cells.map(({ label, png }, i) => [`${folderOf(label)}/${i}.png`, png])),
    );
    const { status, stdout } = await audit(unknown, '--out', join(root, 'unknown-audit'), '--quiet');
    expect(status).toBe(0);
    expect(stdout).toContain('Warning: The patient of 120 of 120 cells is not known');
    const single = join(root, 'single');
    writeFiles(single, { 'Parasitized/a.png': cells[0].png });
    const one = await audit(single, '--out', join(root, 'single-audit'), '--quiet');
    expect(one).toMatchObject({ status: 0, stdout: expect.stringContaining('All cells have one label') });
  });
});

describe('dataset audit --out', () => {
  const out = join(root, 'audit');
  const read = (name: string) => readFileSync(join(out, name), 'utf8');
  beforeAll(async () => {
    const { status } = await audit(clean, '--split', split, '--out', out);
    expect(status).toBe(0);
  });

  test('writes one page, the JSON, and every figure as SVG and PNG with its numbers as text', async () => {
    expect(readdirSync(out).sort()).toEqual(['audit.html', 'audit.json', 'figures']);
    const names = ['batch', 'cells-per-patient', 'probes', 'sizes'];
    expect(readdirSync(join(out, 'figures')).sort()).toEqual(
      names.flatMap((name) => [`${name}.png`, `${name}.svg`]),
    );
    for (const name of names) {
      const { document } = parseHTML(read(`figures/${name}.svg`));
      expect(document.querySelector('desc')?.textContent).toMatch(/\d/);
    }
    const { document } = parseHTML(read('audit.html'));
    expect(document.querySelector('h1')?.textContent).toBe('Audit of clean');
    expect(document.querySelectorAll('script, link, iframe, img, [src]').length).toBe(0);
    expect(document.querySelectorAll('figure > svg').length).toBe(4);
    expect(document.body.textContent).not.toContain(root);
  });

  test('the same data and seed give the same bytes', async () => {
    const again = join(root, 'again');
    await audit(clean, '--split', split, '--out', again, '--threads', '1');
    for (const name of ['audit.html', 'audit.json', 'figures/probes.svg']) {
      expect(readFileSync(join(again, name), 'utf8'), name).toBe(read(name));
    }
  });
});

describeInChromium('the audit', () => join(root, 'audit', 'audit.html'));

describeReal('dataset audit of the sample', () => {
  test('counts what is known of it', async () => {
    const { status, stdout } = await audit(realData('nih-sample-2000.zip'), '--format', 'json');
    expect(status).toBe(0);
    const found: PrintedAudit = JSON.parse(stdout);
    expect(found.labels).toMatchObject({
      parasitized: { cells: 1000, patients: 150 },
      uninfected: { cells: 1000, patients: 200 },
    });
    expect(found.patients).toMatchObject({ known: 200, withBoth: 150, healthy: 50 });
    expect(found.patients.parasitizedCells?.max).toBe(8);
    expect(found.unreadable).toEqual([]);
    expect(found.duplicates).toMatchObject({ sameBytes: [], samePixels: [] });
    const patient = found.probes.find(({ name }) => name === 'patient alone');
    expect(patient?.patientDisjoint?.rocAuc).toBe(0.5);
  });
});
