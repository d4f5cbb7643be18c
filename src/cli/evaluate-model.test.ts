import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { temporaryFolder, writeFiles } from '../../test/support/temporary.ts';
import { testModel } from '../../test/support/test-model.ts';
import { drawCells } from '../cells/draw.ts';
import { encodePng } from '../cells/encode.ts';
import { type SplitRow, splitFingerprint, writeSplit } from '../dataset/split.ts';
import { writeModel } from '../model/file.ts';
import { evaluateModel } from './evaluate-model.ts';

const folder = temporaryFolder();

/** Eight cells, half of them in each of val and test, and a model of that split whose threshold is 0.25. */
async function prepare(): Promise<SplitRow[]> {
  const cells = drawCells({ count: 40, seed: 1 });
  const some = (['parasitized', 'uninfected'] as const).flatMap((label) =>
    cells.filter((cell) => cell.label === label).slice(0, 4),
  );
  writeFiles(
    folder,
    Object.fromEntries(
      some.map(({ name, label, image }) => {
        const place = label === 'parasitized' ? 'Parasitized' : 'Uninfected';
        return [`data/${place}/${name}`, encodePng(image)];
      }),
    ),
  );
  const rows = some.map(
    ({ name, label, patient }, i): SplitRow => ({ name, label, patient, part: i % 2 === 0 ? 'val' : 'test' }),
  );
  const model = testModel();
  const metadata = { ...model.metadata, splitFingerprint: splitFingerprint(rows) };
  writeFileSync(join(folder, 'model.onnx'), await writeModel({ ...model, metadata }));
  return rows;
}

test('the threshold of a model is not used on the cells it was chosen on', async () => {
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const own = await prepare();
  const other = own.map((row): SplitRow => ({ ...row, part: row.part === 'val' ? 'test' : 'val' }));
  await writeSplit(join(folder, 'own.csv'), own);
  await writeSplit(join(folder, 'other.csv'), other);
  const evaluate = async (split: string, part: string) => {
    const { evaluation } = await evaluateModel({
      model: join(folder, 'model.onnx'),
      data: join(folder, 'data'),
      split: join(folder, split),
      part,
      labelSet: 'published',
      threads: 1,
      seed: 1,
      onUnreadable: expect.fail,
    });
    return evaluation;
  };
  const chosen = { threshold: 0.25, chosenOn: 'validation, specificity 0.973' };
  expect(await evaluate('own.csv', 'test')).toMatchObject(chosen);
  expect(stderr.mock.calls.join()).not.toContain('Warning');
  expect(await evaluate('other.csv', 'val')).toMatchObject({
    ...chosen,
    protocol: "not the model's own split; the model may have seen these patients",
  });
  expect(stderr.mock.calls.join()).toContain('this is not the split of its run');
  expect(stderr.mock.calls.join()).not.toContain('chosen on these very cells');
  expect(await evaluate('own.csv', 'val')).toMatchObject({ threshold: 0.5, chosenOn: null });
  expect(stderr.mock.calls.join()).toContain('0.25, was chosen on these very cells');
});

test('patients that only the split knows count: the healthy ones among them, too', async () => {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const named = await prepare();
  const images = drawCells({ count: 40, seed: 1 });
  const rows = named.map((row, i): SplitRow => {
    const patient = row.label === 'parasitized' ? 'P1' : 'H1';
    return { ...row, name: `cell-${i}.png`, patient, part: 'test' };
  });
  const files = named.map(({ name, label }, i) => {
    const image = images.find((cell) => cell.name === name)?.image;
    if (!image) throw new Error(`${name} was not drawn`);
    const place = label === 'parasitized' ? 'Parasitized' : 'Uninfected';
    return [`unnamed/${place}/cell-${i}.png`, encodePng(image)] as const;
  });
  writeFiles(folder, Object.fromEntries(files));
  await writeSplit(join(folder, 'patients.csv'), rows);
  const { evaluation, predictions } = await evaluateModel({
    ...{
      model: join(folder, 'model.onnx'),
      data: join(folder, 'unnamed'),
      split: join(folder, 'patients.csv'),
    },
    ...{ labelSet: 'published', threads: 1, seed: 1, onUnreadable: expect.fail },
  });
  expect(new Set(predictions.map(({ patient }) => patient))).toEqual(new Set(['P1', 'H1']));
  expect(evaluation).toMatchObject({ patients: 2, healthy: { patients: 1, cells: 4 } });
});
