import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { describeReal, realData } from '../../test/support/real-data.ts';
import { temporaryFolder, writeFiles } from '../../test/support/temporary.ts';
import { zip } from '../../test/support/zip.ts';
import { openDataset } from './dataset.ts';
import { nihPatient, nihSlide } from './nih-names.ts';

const temporary = temporaryFolder();
let made = 0;
const folderOf = (files: Record<string, string>) => {
  const folder = join(temporary, `set-${made++}`);
  writeFiles(folder, files);
  return folder;
};
const inf = 'C100P61ThinF_IMG_20150918_144104_cell_162.png';
const clean = 'C205ThinF_IMG_20151029_110158_cell_3.png';

describe('openDataset', () => {
  it('reads a folder, sorted by label and name, and says what it ignores', async () => {
    const folder = folderOf({
      [`Parasitized/${inf}`]: 'a',
      'Parasitized/Thumbs.db': 't',
      'Parasitized/.hidden': 'h',
      [`Uninfected/${clean}`]: 'b',
      'Uninfected/C1_thinF_IMG_1_cell_9.JPG': 'c',
      'Uninfected/notes.txt': 'n',
      'readme.md': 'r',
    });
    const data = await openDataset(folder);
    expect(data.cells.map(({ name, label, patient, slide }) => ({ name, label, patient, slide }))).toEqual([
      { name: inf, label: 'parasitized', patient: 'P61', slide: 'C100P61ThinF' },
      { name: 'C1_thinF_IMG_1_cell_9.JPG', label: 'uninfected', patient: 'C1', slide: 'C1_thinF' },
      { name: clean, label: 'uninfected', patient: 'C205', slide: 'C205ThinF' },
    ]);
    expect(data.cells[0].path).toBe(`${folder}/Parasitized/${inf}`);
    expect(Buffer.from(await data.cells[2].read()).toString()).toBe('b');
    expect(data.ignored.map(({ path, reason }) => `${path}: ${reason}`)).toEqual([
      'Parasitized/.hidden: dot file',
      'Parasitized/Thumbs.db: Thumbs.db',
      'Uninfected/notes.txt: not the ending of an image',
      'readme.md: not the ending of an image',
    ]);
    expect(data.otherNames).toEqual({ parasitized: ['Thumbs.db'], uninfected: ['notes.txt'] });
    expect(data.notes).toEqual([
      'Other files ignored: 4, dot file (1), Thumbs.db (1), not the ending of an image (2).',
    ]);
  });

  it('gives a folder and an archive of it the same fingerprint', async () => {
    const folder = folderOf({ [`x/parasitized/${inf}`]: 'a', [`x/UNINFECTED/${clean}`]: 'b' });
    const archive = join(temporary, 'set.zip');
    const entries = [
      { name: `Parasitized/${inf}`, data: 'a', deflate: true },
      { name: `Uninfected/${clean}`, data: 'b' },
    ];
    writeFileSync(archive, zip(entries));
    const [one, other] = [await openDataset(folder), await openDataset(archive)];
    expect(one.fingerprint).toBe(other.fingerprint);
    expect(Buffer.from(await other.cells[0].read()).toString()).toBe('a');
    expect(other.cells[0].path).toBe(`${archive}/Parasitized/${inf}`);
    await other.close();
  });

  it('ignores the doubled cell_images/cell_images and says so', async () => {
    const files = Object.fromEntries(
      ['cell_images', 'cell_images/cell_images'].flatMap((base) => [
        [`${base}/Parasitized/${inf}`, 'a'],
        [`${base}/Uninfected/${clean}`, 'b'],
      ]),
    );
    const data = await openDataset(folderOf(files));
    expect(data.cells).toHaveLength(2);
    expect(data.notes).toEqual(['Ignored in label folders further inside (a doubled copy): 2.']);
  });

  it('refuses two sets side by side, folders without labels, and empty ones', async () => {
    const split = folderOf({ 'train/Parasitized/a.png': '', 'val/Parasitized/b.png': '' });
    await expect(openDataset(split)).rejects.toMatchObject({ code: 'several-data-sets' });
    const other = folderOf({ 'infected/a.png': '', 'healthy/b.png': '' });
    await expect(openDataset(other)).rejects.toThrow('--label-folders POS,NEG. Found: healthy, infected');
    await expect(openDataset(folderOf({ 'Parasitized/a.txt': '' }))).rejects.toMatchObject({
      code: 'no-cells',
    });
    await expect(openDataset(join(temporary, 'nowhere'))).rejects.toThrow('it does not exist');
    const data = await openDataset(other, { labelFolders: ['Infected', 'Healthy'] });
    expect(data.cells.map((cell) => cell.label)).toEqual(['parasitized', 'uninfected']);
  });

  it('follows links to files, as in a folder made of links, but not in a circle', async () => {
    const folder = folderOf({ [`Parasitized/${inf}`]: 'a', [`Uninfected/${clean}`]: 'b' });
    symlinkSync(join(folder, 'Parasitized', inf), join(folder, 'Uninfected', 'link.png'));
    symlinkSync(folder, join(folder, 'Uninfected', 'circle'));
    symlinkSync('nowhere', join(folder, 'Uninfected', 'broken.png'));
    const data = await openDataset(folder);
    expect(data.cells.map((cell) => cell.name)).toEqual([inf, clean, 'link.png']);
    expect(data.problems).toEqual([
      { path: 'Uninfected/broken.png', message: 'cannot read it: it does not exist' },
    ]);
  });

  it('takes patients from a CSV, with or without header, in either order', async () => {
    const folder = folderOf({ 'Parasitized/a.jfif': '', 'Uninfected/b.png': '', 'Uninfected/c.png': '' });
    const texts = [
      'name, patient\na.jfif, 7\nb.png,8\nc.png,8\n',
      '\ufeffpatient_id,image\r\n7,x/a.jfif\r\n8,b.png\r\n8,"c.png"\r\n',
      'a.jfif,7\nb.png,8\nc.png,8\n',
      '7,a.jfif\n8,b.png\n8,c.png\n',
    ];
    for (const text of texts) {
      const csv = join(temporary, `patients-${made++}.csv`);
      writeFileSync(csv, text);
      const data = await openDataset(folder, { patients: csv });
      expect(data.cells.map((cell) => cell.patient)).toEqual(['7', '8', '8']);
      expect(data.notes).toEqual([]);
    }
  });

  it('says that a label folder cannot be read, and why there are no cells', async () => {
    const folder = folderOf({ 'Parasitized/a.png': '' });
    symlinkSync('nowhere', join(folder, 'Uninfected'));
    expect((await openDataset(folder)).problems).toEqual([
      { path: 'Uninfected', message: 'cannot read it: it does not exist' },
    ]);
    const deeper = folderOf({ 'Parasitized/p1/a.png': '', 'Uninfected/p1/b.png': '' });
    await expect(openDataset(deeper)).rejects.toThrow(
      'Other files ignored: 2, not directly in one of the label folders (2)',
    );
  });

  it('tells cells of one name apart by the folder that the CSV names', async () => {
    const folder = folderOf({
      'Parasitized/1.png': '',
      'Parasitized/o\u0308l.png': '',
      'Uninfected/1.png': '',
      'Uninfected/2.png': '',
    });
    const csv = join(temporary, 'folders.csv');
    const patientsOf = async (text: string) => {
      writeFileSync(csv, `name,patient\n${text}`);
      return (await openDataset(folder, { patients: csv })).cells.map(({ patient }) => patient);
    };
    expect(
      await patientsOf('Parasitized/1.png,P1\nuninfected\\1.png,C1\n\u00f6l.png,P2\n/old/disk/2.png,C2\n'),
    ).toEqual([...['P1', 'P2', 'C1', 'C2']]);
    expect(
      await patientsOf('/old/my-cells/Parasitized/1.png,P1\nmy-cells/Uninfected/1.png,C1\n2.png,C2\n'),
    ).toEqual([...['P1', '', 'C1', 'C2']]);
    expect(await patientsOf('Parasitized/1.png,P1\n')).toEqual(['P1', '', '', '']);
    expect(await patientsOf('1.png,P1\n2.png,C2\n')).toEqual(['', '', '', 'C2']);
  });

  it('says which cells have no patient, and what to do', async () => {
    const folder = folderOf({ 'Parasitized/a.png': '', [`Uninfected/${clean}`]: '' });
    const data = await openDataset(folder);
    expect(data.notes.join()).toMatch(/1 of 2 cells have no known patient, as a\.png.*--patients/);
    const csv = join(temporary, 'bad.csv');
    writeFileSync(csv, 'a.png,1,x\nb.png,2,y\n');
    await expect(openDataset(folder, { patients: csv })).rejects.toThrow(
      'cannot tell which column is the image',
    );
    writeFileSync(csv, 'a.png,1\na.png,2\n');
    await expect(openDataset(folder, { patients: csv })).rejects.toThrow('already is one of 1');
  });
});

describeReal('the NIH set', () => {
  const rows = () =>
    parse(readFileSync(realData('nih-meta/cells.csv'), 'utf8'), { columns: true }) as Record<
      string,
      string
    >[];

  it('names slide and patient of all 27,558 cells', () => {
    const cells = rows();
    expect(cells).toHaveLength(27_558);
    for (const { name, slide, patient } of cells) {
      if (nihSlide(name) !== slide || nihPatient(slide) !== patient) expect.fail(name);
    }
    expect(new Set(cells.map(({ name }) => nihPatient(nihSlide(name) ?? ''))).size).toBe(200);
  });

  it("takes the same patients from NLM's own two files, which have no header", async () => {
    const { patientOf, readPatients } = await import('./patients.ts');
    const mappings = ['parasitized', 'uninfected'].map((label) =>
      realData(`nih-meta/patientid_cellmapping_${label}.csv`),
    );
    const patients = await readPatients(mappings);
    expect(patients.size).toBe(27_558);
    for (const { name, patient } of rows())
      if (patientOf(patients, name, true) !== patient) expect.fail(name);
  });

  it('opens the sample archive', async () => {
    const data = await openDataset(realData('nih-sample-2000.zip'));
    expect([data.cells.length, data.ignored, data.problems, data.notes]).toEqual([2000, [], [], []]);
    expect(data.cells.filter((cell) => cell.label === 'parasitized')).toHaveLength(1000);
    await data.close();
  });
});
