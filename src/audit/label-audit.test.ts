import { describe, expect, it } from 'vitest';
import type { PredictionRow } from '../evaluation/prediction.ts';
import { rankLabels } from './confident-learning.ts';
import type { Correction } from './corrections.ts';
import { auditLabels } from './label-audit.ts';

/** Cells named a, b, c ... of patients P0, P1 ...; parasitized ones first. */
function predicted(parasitized: readonly number[], uninfected: readonly number[]): PredictionRow[] {
  const row = (label: PredictionRow['label']) => (probability: number, i: number) => ({
    ...{ label, probability, part: 'out-of-fold' },
    name: `${label[0]}${i}`,
    patient: `P${i}`,
    fold: String(i % 2),
  });
  return [...parasitized.map(row('parasitized')), ...uninfected.map(row('uninfected'))];
}

// Self-confidence: parasitized .9 .8 .1, mean .6; uninfected .8 .9 .3, mean 2/3.
const cells = predicted([0.9, 0.8, 0.1], [0.2, 0.1, 0.7]);

describe('confident learning, worked by hand', () => {
  it('suspects a cell where the other label is as likely as it is for its own cells', () => {
    const { ranked, selfConfidence } = rankLabels(cells);
    expect(selfConfidence.parasitized).toBeCloseTo(0.6, 12);
    expect(selfConfidence.uninfected).toBeCloseTo(2 / 3, 12);
    expect(ranked.map(({ name, suspected }) => [name, suspected])).toEqual([
      ['p2', true],
      ['u2', true],
      ['p1', false],
      ['u0', false],
      ['p0', false],
      ['u1', false],
    ]);
    expect(ranked.map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(ranked[0].score).toBeCloseTo(0.9, 12);
    expect(ranked[1].score).toBe(0.7);
  });

  it('does not suspect all cells of a label that the model is unsure of', () => {
    // Called the other way, .45 is a mistake; but uninfected cells have .95 on average.
    const { ranked } = rankLabels(predicted([0.9, 0.55, 0.45], [0.05, 0.05, 0.05]));
    expect(ranked.filter(({ suspected }) => suspected)).toEqual([]);
  });

  it('nor a cell whose own label is the likelier, where both thresholds are low', () => {
    const { ranked } = rankLabels(predicted([0.2, 0.6], [0.7, 0.55]));
    expect(ranked.filter(({ suspected }) => suspected).map(({ name }) => name)).toEqual(['p0', 'u0', 'u1']);
  });

  it('a single label leaves nothing to suspect', () => {
    expect(rankLabels(predicted([0.1], [])).ranked[0].suspected).toBe(false);
  });
});

describe('the audit of labels', () => {
  it('says how many of the doubted cells are on top of the ranking', () => {
    const review = [
      { name: 'p2', label: 'parasitized', review: 'disagrees' },
      { name: 'u0', label: 'uninfected', review: 'disagrees' },
      { name: 'u2', label: 'uninfected', review: 'agrees' },
    ] as const;
    const { audit } = auditLabels(cells, { review, seed: 1 });
    expect(audit.suspected).toEqual({ parasitized: 1, uninfected: 1 });
    // Ranked p2, u2, then p1 and u0 with the same score: of the first two one is doubted; precision 1 at the first, 2/4 at the
    // second, since cells of a score come together.
    expect(audit.review).toEqual({
      doubted: 2,
      found: 1,
      recall: 0.5,
      averagePrecision: (1 + 2 / 4) / 2,
      suspectedDoubted: 1,
      byLabel: { parasitized: { doubted: 1, found: 1 }, uninfected: { doubted: 1, found: 0 } },
    });
  });

  it('gives figures on published and on corrected labels, and changes no label', () => {
    const before = structuredClone(cells);
    const by = { who: 'A. Reader', when: '2026-01-31', why: 'no parasite' };
    const corrections: Correction[] = [
      { ...by, name: 'p2', label: 'parasitized', corrected: 'uninfected' },
      { ...by, name: 'u1', label: 'uninfected', corrected: 'uninfected' },
    ];
    const { audit, ranked } = auditLabels(cells, { corrections, seed: 1 });
    expect(audit.corrections).toMatchObject({
      list: corrections,
      changed: { parasitized: 1, uninfected: 0 },
      confirmed: 1,
      published: { counts: { tp: 2, fn: 1, tn: 2, fp: 1 }, rocAuc: 6.5 / 9 },
      corrected: { counts: { tp: 2, fn: 0, tn: 3, fp: 1 }, rocAuc: 1 },
    });
    expect(cells).toEqual(before);
    expect(ranked.find(({ name }) => name === 'p2')?.label).toBe('parasitized');
  });

  it('refuses folds that share patients, and predictions without folds or patients', () => {
    const leaking = cells.map((row) => (row.name === 'u1' ? { ...row, fold: '0' } : row));
    const code = (rows: readonly PredictionRow[]) => () => auditLabels(rows, { seed: 1 });
    expect(code(leaking)).toThrow(/^1 patients have cells in several folds, as P1/);
    expect(code(leaking)).toThrow(expect.objectContaining({ code: 'leaking-folds' }));
    expect(code(cells.map(({ fold: _, ...row }) => row))).toThrow(/no column fold/);
    expect(code(cells.map((row) => ({ ...row, patient: '' })))).toThrow(/patient of p0 is not known/);
    expect(code(cells.map((row) => ({ ...row, fold: '0' })))).toThrow(/all predictions are of one fold/);
  });
});
