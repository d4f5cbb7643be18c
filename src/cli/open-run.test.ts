import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { demo } from '../recipes/demo.ts';
import { register } from './commands/train.ts';
import { openEarlierRun, openNewRun, type TrainOptions } from './open-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'giemsa-open-run-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());
const at = (path: string) => join(folder, path);

function write(path: string, text: string): string {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), text);
  return at(path);
}

const cells = ['Parasitized/a.png', 'Parasitized/b.png', 'Uninfected/c.png', 'Uninfected/d.png'];
for (const path of cells) write(`cells/${path}`, `not read: ${path}`);
write('patients.csv', 'name,patient\na.png,1\nb.png,1\nc.png,2\nd.png,2\n');
write('review.csv', 'name,label,review\na.png,parasitized,disagrees\n');
const split = write(
  'split.csv',
  'name,label,patient,part\na.png,parasitized,,train\nb.png,parasitized,,val\nc.png,uninfected,,train\nd.png,uninfected,,val\n',
);

const options: TrainOptions = { seed: 1, threads: 1, labelSet: 'published', quiet: true };

test('a second opinion is read whatever labels are trained on; published ones need none', async () => {
  const asked = { ...options, data: at('cells'), recipe: demo.name, split, patients: [at('patients.csv')] };
  const reviewed = await openNewRun({ ...asked, out: at('reviewed'), review: at('review.csv') });
  expect(reviewed.training.review).toEqual([{ name: 'a.png', label: 'parasitized', review: 'disagrees' }]);
  await reviewed.close();
  const alone = await openNewRun({ ...asked, out: at('alone') });
  await alone.close();
  expect(alone.training.review).toBeUndefined();
  await expect(openNewRun({ ...asked, out: at('lost'), review: at('none.csv') })).rejects.toThrow('none.csv');
});

test('a split whose patient column is empty still gets its warning', async () => {
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const run = await openNewRun({
    ...options,
    data: at('cells'),
    patients: [at('patients.csv')],
    recipe: 'demo',
    split,
    out: at('new'),
  });
  await run.close();
  expect(stderr.mock.calls.join()).toContain('Warning: 2 patients have cells in more than one part');
});

function startedRun(name: string, files: { patients?: string[]; review?: string }): string {
  const data = {
    path: at('cells'),
    fingerprint: '',
    labelSet: files.review ? 'relabelled' : 'published',
    ...files,
  };
  const record = {
    giemsa: { version: '0.1.0', commit: null },
    ...{ status: 'training', recipe: demo, seed: 1, fast: false, data },
    split: { fingerprint: '', protocol: 'patient-disjoint' },
    times: { started: '2026-01-01T00:00:00.000Z' },
  };
  write(`${name}/run.json`, JSON.stringify(record));
  write(`${name}/split.csv`, 'name,label,patient,part\na.png,parasitized,1,train\n');
  return at(name);
}

test('files that were moved since are given again to resume, as the command allows', async () => {
  const run = startedRun('run', { patients: ['gone/patients.csv'], review: 'gone/review.csv' });
  renameSync(at('review.csv'), at('moved.csv'));
  const parsed = await parse([
    '--resume',
    run,
    '--patients',
    at('patients.csv'),
    '--review',
    at('moved.csv'),
  ]);
  const opened = await openEarlierRun(run, parsed);
  await opened?.close();
  expect(opened?.training.data).toMatchObject({
    path: at('cells'),
    patients: [at('patients.csv')],
    review: at('moved.csv'),
  });
  expect(opened?.training.review).toHaveLength(1);
  expect(opened?.training.dataset.cells.map(({ patient }) => patient)).toEqual(['1', '1', '2', '2']);
});

test('a file that the run was started without is refused', async () => {
  const run = startedRun('without', {});
  const moved = { ...options, patients: [at('patients.csv')] };
  await expect(openEarlierRun(run, moved)).rejects.toThrow(/started without --patients/);
});

/** The options of `giemsa train`; nothing is trained. */
async function parse(args: string[]): Promise<TrainOptions> {
  const program = new Command();
  register(program);
  const train = program.commands[0].exitOverride().action(() => {});
  await program.parseAsync(['train', ...args], { from: 'user' });
  return train.opts();
}
