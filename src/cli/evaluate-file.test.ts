import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { temporaryFolder } from '../../test/support/temporary.ts';
import { evaluateFile } from './evaluate-file.ts';

const folder = temporaryFolder();
const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
beforeEach(() => stderr.mockClear());

function file(...lines: string[]): string {
  const path = join(folder, 'predictions.csv');
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

describe('a file of Keras’ scores, whose positive class is Uninfected', () => {
  const at = (name: string) =>
    fileURLToPath(new URL(`../../test/fixtures/keras-scores/${name}`, import.meta.url));
  const expected = JSON.parse(readFileSync(at('expected.json'), 'utf8'));

  test('gives Keras’ AUC, precision, recall and accuracy once that class is named', async () => {
    const { evaluation } = await evaluateFile({
      predictions: at('predictions.csv'),
      positive: 'Uninfected',
      seed: 1,
    });
    // Keras counts in float32.
    expect(evaluation.rocAuc).toBeCloseTo(expected.auc, 6);
    expect(evaluation.ppv).toBeCloseTo(expected.precision, 6);
    expect(evaluation.sensitivity).toBeCloseTo(expected.recall, 6);
    expect(evaluation.accuracy).toBeCloseTo(expected.accuracy, 6);
    expect(evaluation.rocAuc).toBeCloseTo(expected.aucAt200Thresholds, 3);
  });

  test('says what swapping the classes does, and what a wrong name looks like', async () => {
    await evaluateFile({ predictions: at('predictions.csv'), positive: 'Uninfected', seed: 1 });
    const text = stderr.mock.calls.join('');
    expect(text).toContain('Positive class: Uninfected. Its cells count as parasitized');
    expect(text).toContain(
      'ROC AUC stays 0.8806; at 0.5, sensitivity 0.7698 and specificity 0.8447 change places',
    );
    expect(text).toContain('ROC AUC reads 0.1194 in place of 0.8806');
    stderr.mockClear();
    const wrong = { predictions: at('predictions.csv'), positive: 'Parasitized', seed: 1, quiet: true };
    const { evaluation } = await evaluateFile(wrong);
    expect(evaluation.rocAuc).toBeCloseTo(1 - expected.auc, 6);
    expect(stderr).not.toHaveBeenCalled();
  });
});

describe('out-of-fold predictions', () => {
  const header = 'name,label,patient,fold,probability';

  test('are pooled, and by fold', async () => {
    const path = file(
      header,
      'a,parasitized,P1,1,0.9',
      'b,uninfected,P1,1,0.2',
      'c,parasitized,P2,10,0.4',
      'd,uninfected,C1,2,0.6',
    );
    const { evaluation } = await evaluateFile({ predictions: path, seed: 1 });
    expect(evaluation).toMatchObject({ part: 'out-of-fold', protocol: 'patient-disjoint folds', cells: 4 });
    expect(evaluation.folds?.map(({ fold, cells, sensitivity }) => [fold, cells, sensitivity])).toEqual([
      ['1', 2, 1],
      ['2', 1, null],
      ['10', 1, 0],
    ]);
    expect(evaluation.intervalMethod.warning).toBe('too few patients');
  });

  test('a patient in two folds is said', async () => {
    const path = file(header, 'a,parasitized,P1,0,0.9', 'b,uninfected,P1,1,0.2');
    const { evaluation } = await evaluateFile({ predictions: path, seed: 1 });
    expect(evaluation.protocol).toBe('patients in two folds (leaks)');
    await expect(evaluateFile({ predictions: path, part: 'test', seed: 1 })).rejects.toThrow(
      'leave --part out',
    );
  });
});

test('with a second opinion, the same figures under all label sets; healthy patients stay healthy', async () => {
  const path = file(
    'name,label,patient,part,probability',
    'a,parasitized,P1,test,0.1',
    'b,parasitized,P1,test,0.9',
    'c,uninfected,P1,test,0.8',
    'd,uninfected,C1,test,0.7',
    'e,uninfected,C1,test,0.1',
  );
  const review = join(folder, 'review.csv');
  writeFileSync(
    review,
    'name,label,review\na,parasitized,disagrees\nb,parasitized,agrees\nc,uninfected,disagrees\nd,uninfected,disagrees\n',
  );
  const { evaluation } = await evaluateFile({ predictions: path, review, seed: 1 });
  expect(evaluation.counts).toEqual({ tp: 1, fn: 1, tn: 1, fp: 2 });
  const { relabelled, dropped } = evaluation.labelSets ?? {};
  expect(relabelled?.counts).toEqual({ tp: 2, fn: 0, tn: 2, fp: 1 });
  expect(dropped?.counts).toEqual({ tp: 1, fn: 0, tn: 1, fp: 0 });
  expect([evaluation.healthy?.falseCalls, relabelled?.healthy?.falseCalls, dropped?.healthy?.cells]).toEqual([
    1, 1, 1,
  ]);
  expect(evaluation.healthy).toMatchObject({ patients: 1, cells: 2, per1000: 500, perMicrolitre: 2_500_000 });
});

test('unknown patients: intervals over cells, and a word that they are too narrow', async () => {
  const path = file(
    'name,label,patient,part,probability',
    ...Array.from(
      { length: 40 },
      (_, i) => `${i},${i % 2 ? 'parasitized' : 'uninfected'},,test,${((i * 7) % 10) / 10}`,
    ),
  );
  const { evaluation } = await evaluateFile({ predictions: path, seed: 1 });
  expect(evaluation).toMatchObject({ patients: 0, healthy: null });
  expect(evaluation.intervalMethod).toMatchObject({
    unit: 'cell',
    warning: 'patients unknown: intervals over cells are too narrow',
  });
  expect(evaluation.intervals.rocAuc).toBeDefined();
});
