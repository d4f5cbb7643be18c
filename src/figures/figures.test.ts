import { parseHTML } from 'linkedom';
import { expect, test } from 'vitest';
import { drawCells } from '../cells/draw.ts';
import { scoreCurve } from '../evaluation/curve.ts';
import { batchFigure } from './batch.ts';
import { confusionFigure } from './confusion-matrix.ts';
import type { Figure } from './frame.ts';
import { healthyCurveFigure } from './healthy-curve.ts';
import { historyFigure } from './history.ts';
import { mistakesFigure } from './mistakes.ts';
import { perPatientFigure } from './per-patient.ts';
import { prFigure } from './pr-curve.ts';
import { reliabilityFigure } from './reliability.ts';
import { riskCoverageFigure } from './risk-coverage.ts';
import { rocFigure } from './roc-curve.ts';
import { scoreFigure } from './score-distribution.ts';

const documentOf = ({ svg }: Figure) => parseHTML(svg).document;
const textsOf = (figure: Figure) =>
  [...documentOf(figure).querySelectorAll('text')].map(({ textContent }) => textContent);

test('the confusion matrix has the four counts and their shares of the label', () => {
  const figure = confusionFigure({ counts: { tp: 3, fn: 1, fp: 0, tn: 1234 }, threshold: 0.5 });
  expect(textsOf(figure)).toEqual(
    expect.arrayContaining(['3', '1', '0', '1,234', '75.0 % of parasitized', '0.0 % of uninfected']),
  );
  const none = confusionFigure({ counts: { tp: 0, fn: 0, fp: 1, tn: 1 }, threshold: 0.5 });
  expect(textsOf(none).filter((text) => text === 'none')).toHaveLength(2);
});

// Ranked + - +: (0, 0), (0, .5), (1, .5), (1, 1) on a square of 466 x 432 that starts at 74, 16.
const curve = scoreCurve([0.9, 0.8, 0.7], [1, 0, 1]);
const point = {
  name: 'threshold 0.5',
  threshold: 0.5,
  sensitivity: 1,
  specificity: 0,
  ppv: 2 / 3,
  chosen: true,
};

test('the ROC curve passes through its points, and says the area and the operating points', () => {
  const figure = rocFigure({ curve, auc: 0.5, interval: [0.2, 0.8], operatingPoints: [point] });
  expect(figure.svg).toContain('d="M74,448L74,232L540,232L540,16"');
  expect(figure.title).toBe('ROC curve, area 0.500 (0.200 to 0.800)');
  expect(figure.text).toContain('sensitivity 1.000, specificity 0.000');
  expect(textsOf(figure)).toContain('threshold 0.5: sensitivity 1.000, specificity 0.000');
});

test('the corner of a good curve is enlarged, and clips carry the name of their figure', () => {
  const good = { ...point, sensitivity: 0.99, specificity: 0.98 };
  const figure = rocFigure({ curve, auc: 0.5, operatingPoints: [good] });
  expect(textsOf(figure)).toContain('the corner, 20 times as large');
  expect(textsOf(rocFigure({ curve, auc: 0.5, operatingPoints: [point] })).join()).not.toContain(
    'the corner',
  );
  const ids = [...documentOf(figure).querySelectorAll('[id]')].map(({ id }) => id);
  expect(ids.every((id) => id.startsWith('roc-curve-'))).toBe(true);
  expect(new Set(ids).size).toBe(ids.length);
  expect(rocFigure({ curve, auc: 0.5, operatingPoints: [good] }).svg).toBe(figure.svg);
});

test('the PR curve starts at its first point and says how many cells are parasitized', () => {
  const figure = prFigure({ curve, auc: 0.83, operatingPoints: [point] });
  expect(figure.svg).toContain('d="M307,16L307,232L540,160"');
  expect(figure.text).toContain('66.7 % of the cells are parasitized');
});

test('the history has both parts of all three figures, gaps where there is no value, and the kept epoch', () => {
  const at = (epoch: number, rocAuc: number | null) => {
    const figures = { loss: 1 / epoch, accuracy: 0.5 + epoch / 10, rocAuc };
    return { epoch, train: figures, val: figures };
  };
  const figure = historyFigure({ epochs: [at(1, 0.8), at(2, null), at(3, 0.9)], kept: 3 });
  expect(textsOf(figure)).toEqual(
    expect.arrayContaining(['training', 'validation', 'Loss', 'Accuracy', 'ROC AUC', 'Epoch', 'kept']),
  );
  expect(figure.text).toContain(
    'epoch 3 (kept): Loss 0.333 and 0.333, Accuracy 0.800 and 0.800, ROC AUC 0.900',
  );
  expect(documentOf(historyFigure({ epochs: [at(1, 0.8)] })).querySelectorAll('circle').length).toBe(6);
});

test('bins of the calibration lie where their cells are', () => {
  const bins = [
    { cells: 4, probability: 0.25, parasitized: 0.5 },
    { cells: 1, probability: 1, parasitized: 1 },
  ];
  const figure = reliabilityFigure({ bins, ece: 0.2 });
  const circles = [...documentOf(figure).querySelectorAll('circle')].map((circle) => [
    circle.getAttribute('cx'),
    circle.getAttribute('cy'),
  ]);
  expect(circles).toEqual(
    expect.arrayContaining([
      ['190.5', '202'],
      ['540', '16'],
    ]),
  );
  expect(figure.text).toContain('0.250 given, 0.500 found (4)');
});

test('scores at the ends fall into the first and the last bin', () => {
  const predictions = [0, 0.5, 1].map((probability) => ({ label: 'parasitized', probability }) as const);
  const figure = scoreFigure({ predictions, threshold: 0.5 });
  expect(figure.text).toContain(
    'Of 3 parasitized cells, 2 have a probability of parasitized at or above the threshold 0.500',
  );
  expect(figure.text).toContain('Of 0 uninfected cells');
  expect(figure.svg).not.toContain('NaN');
});

test('patients are in order of their rate; those with few cells are hollow and not named', () => {
  const row = (patient: string, parasitized: number, sensitivity: number | null) => ({
    ...{ patient, parasitized, uninfected: 0, tp: 0, fn: 0, tn: 0, fp: 0, sensitivity, specificity: null },
  });
  const figure = perPatientFigure({
    patients: [row('P1', 20, 1), row('P2', 3, 0.5), row('P3', 20, 0.75), row('C1', 0, null)],
    medians: { sensitivity: 0.875, specificity: null },
  });
  expect(figure.text).toContain(
    'Sensitivity of 3 patients with parasitized cells, median of those with 10 or more 0.875',
  );
  expect(figure.text).toContain('lowest P3 0.750 of 20 cells, P1 1.000 of 20 cells');
  expect(figure.text).toContain('No patient has uninfected cells.');
});

test('galleries show every image with its label, and count what they leave out', () => {
  const cells = drawCells({ count: 32, seed: 1 });
  const batch = documentOf(batchFigure(cells));
  expect(
    [...batch.querySelectorAll('image')].every((image) =>
      image.getAttribute('href')?.startsWith('data:image/png;base64,'),
    ),
  ).toBe(true);
  expect(batch.querySelectorAll('image').length).toBe(32);
  const hostile = { ...cells[0], patient: '<b>&', probability: 0.01 };
  const figure = mistakesFigure({ missed: [hostile], falseCalls: [], counts: { fn: 7, fp: 0 } });
  expect(textsOf(figure)).toEqual(
    expect.arrayContaining(['<b>&', 'Parasitized by label, called uninfected: the worst 1 of 7']),
  );
  expect(figure.text).toContain('Uninfected by label, called parasitized: none.');
});

test('the risk-coverage curve passes through its points, and says what is left at some coverages', () => {
  const points = [
    { coverage: 0.5, risk: 0 },
    { coverage: 0.9, risk: 0.1 },
    { coverage: 1, risk: 0.2 },
  ];
  const figure = riskCoverageFigure({ points, aurc: 0.05, called: { coverage: 0.96, risk: 0.12 } });
  expect(figure.title).toBe('Risk and coverage, area 0.0500');
  expect(figure.text).toContain('20.0 % at 100.0 %, 10.0 % at 95.0 %, 10.0 % at 90.0 %, 0.0 % at 80.0 %');
  expect(figure.text).toContain('calls 96.0 % of the cells, 12.0 % of them wrongly');
  expect(documentOf(figure).querySelectorAll('path[d^="M"]').length).toBeGreaterThan(0);
  expect(riskCoverageFigure({ points: [{ coverage: 1, risk: 0 }], aurc: 0 }).svg).not.toContain('NaN');
  // All cells equally sure: no coverage but that of all is reached.
  expect(riskCoverageFigure({ points: [{ coverage: 1, risk: 0.19 }], aurc: 0.19 }).text).toContain(
    'in odds: 19.0 % at 100.0 % of the cells',
  );
});

test('false calls on healthy blood by the sensitivity, and where the model stands', () => {
  const rate = (per1000: number, high: number) => ({
    ...{ per1000, interval: [0, high] as const, upper: high },
    ...{ perMicrolitre: 5000 * per1000, upperPerMicrolitre: 5000 * high },
  });
  const figure = healthyCurveFigure({
    points: [
      { sensitivity: 0.8, threshold: 0.7, ...rate(0, 4) },
      { sensitivity: 0.95, threshold: 0.4, ...rate(10.5, 20) },
    ],
    own: { sensitivity: 0.9, rate: rate(5, 9) },
    // To the left of the curve, and still within the axes, which begin at 74.
    called: { sensitivity: 0.52, rate: rate(3, 8) },
  });
  expect(figure.text).toContain(
    '0.0 (0.0 to 4.0) at sensitivity 80.0 %, 10.5 (0.0 to 20.0) at sensitivity 95.0 %.',
  );
  expect(figure.text).toContain(
    '3.0 (0.0 to 8.0) the same, indeterminate cells called neither, sensitivity 52.0 %.',
  );
  expect(textsOf(figure)).toEqual(expect.arrayContaining(['1,000', '5,000,000']));
  const dots = [...documentOf(figure).querySelectorAll('circle')].map((circle) =>
    Number(circle.getAttribute('cx')),
  );
  expect(Math.min(...dots.filter((x) => x > 0))).toBeGreaterThanOrEqual(74);
  // No call at all has no place on a logarithmic axis: it lies on its foot.
  expect(figure.svg).not.toMatch(/NaN|Infinity/);
});
