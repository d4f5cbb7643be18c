import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { expect, test } from 'vitest';
import { binomialInterval, type Interval } from './interval.ts';
import { intervalsOf } from './intervals.ts';
import type { PredictionRow } from './prediction.ts';
import { unitsOf } from './units.ts';

/** Parasitized cells of 16 patients, as unequal as in the NIH set, where ten of 150 patients have 37 % of them. */
const CELLS = [1, 3, 5, 8, 12, 15, 20, 25, 30, 40, 50, 60, 80, 120, 200, 300];
const PATIENTS = CELLS.map((count, i) => ({ patient: `P${i}`, count }));

/** Each patient's sensitivity is 1 - .2 u^2, u uniform: .933 on average, .8 at worst. */
function draw(random: ReturnType<typeof xoroshiro128plus>): PredictionRow[] {
  return PATIENTS.flatMap(({ patient, count }) => {
    const sensitivity = 1 - 0.2 * uniformFloat64(random) ** 2;
    return Array.from({ length: count }, (_, c) => ({
      name: `${patient}-${c}`,
      label: 'parasitized' as const,
      patient,
      part: 'test',
      probability: uniformFloat64(random) < sensitivity ? 0.9 : 0.1,
    }));
  });
}

// The whole simulation is bench/interval-coverage.mjs; intervals over cells show that this one can fail.
test('intervals over patients hold the true sensitivity in 95 of 100 experiments or so, those over cells do not', () => {
  const random = xoroshiro128plus(5);
  const truth = 1 - 0.2 / 3;
  const held = { patient: 0, cell: 0 };
  for (let experiment = 0; experiment < 100; experiment++) {
    const units = unitsOf(draw(random), new Set());
    const { intervals } = intervalsOf(units, 0.5, { resamples: 100, seed: experiment });
    const found = units.probabilities.filter((probability) => probability >= 0.5).length;
    const holds = (interval: Interval = [1, 0]) => interval[0] <= truth && truth <= interval[1];
    if (holds(intervals.sensitivity)) held.patient++;
    if (holds(binomialInterval(found, units.labels.length))) held.cell++;
  }
  expect(held.patient).toBeGreaterThanOrEqual(90);
  expect(held.cell).toBeLessThan(80);
});
