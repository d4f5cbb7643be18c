import jstat from 'jstat';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { resampleWeights } from '../dist/evaluation/bootstrap.js';
import { healthyCurve, sharesAt } from '../dist/evaluation/healthy.js';
import { intervalsOf } from '../dist/evaluation/intervals.js';
import { healthyPatients } from '../dist/evaluation/prediction.js';
import { unitsOf } from '../dist/evaluation/units.js';
import { weightedFigures } from '../dist/evaluation/weighted-figures.js';

const FIGURES = ['rocAuc', 'sensitivity', 'specificity', 'healthyRate', 'healthyRateAt95'];
/** The sensitivity of the last of them, at a threshold of its own in each resample. */
const FOUND = 0.95;

/**
 * A binormal model with random effects: a parasitized cell's score is 1.607 + u + e, an uninfected one's .425 (v + e - 1.91),
 * parasitized above 0; u and v belong to the patient, e to the cell, and total variances are 1. Then sensitivity is .946,
 * specificity .972, AUC .987, as of the sixteen features on the NIH set (nih-meta/baseline-published.csv); the patient's
 * share of the variance is chosen so that the patients' sensitivities and specificities vary as they do there (intraclass
 * correlation of the calls .08 and .017).
 */
const MODEL = { positive: 1.607, negative: 1.91, spread: 0.425, positiveShare: 0.25, negativeShare: 0.1 };

/** Simulated experiments of so many patients; each draws patients, scores their cells and asks for intervals. */
export function coverage({ scenario, patients, simulations, resamples, source }) {
  const random = xoroshiro128plus(patients);
  const { draw, truth } =
    scenario === 'model' ? model(source.cells, random) : resampled(source.predictions, random);
  const infected = Math.round(patients * 0.75);
  const tally = Object.fromEntries(
    FIGURES.map((name) => [name, { covered: 0, percentile: 0, none: 0, widths: [] }]),
  );
  for (let simulation = 0; simulation < simulations; simulation++) {
    const predictions = draw(infected, patients - infected);
    const healthyNames = healthyPatients(predictions);
    const units = unitsOf(predictions, healthyNames);
    const options = { resamples, seed: simulation };
    const { intervals, healthyRate } = intervalsOf(units, 0.5, options);
    const [at95] = healthyCurve(predictions, healthyNames, [FOUND], options);
    const ranges = {
      ...intervals,
      healthyRate: healthyRate?.interval,
      healthyRateAt95: at95?.interval.map((per1000) => per1000 / 1000),
    };
    const plain = percentiles(units, options);
    for (const name of FIGURES) {
      const interval = ranges[name];
      const holds = (range) => (range && range[0] <= truth[name] && truth[name] <= range[1] ? 1 : 0);
      tally[name].covered += holds(interval);
      tally[name].percentile += holds(plain[name]);
      if (!interval) tally[name].none++;
      else tally[name].widths.push(interval[1] - interval[0]);
    }
  }
  const percent = (count) => Math.round((1000 * count) / simulations) / 10;
  return {
    scenario,
    patients,
    infected,
    healthy: patients - infected,
    simulations,
    resamples,
    ...Object.fromEntries(
      FIGURES.map((name) => {
        const { covered, percentile, none, widths } = tally[name];
        const medianWidth = Number(jstat.jStat.quantiles(widths, [0.5], 1, 1)[0].toPrecision(3));
        return [name, { covered: percent(covered), percentile: percent(percentile), none, medianWidth }];
      }),
    ),
  };
}

function percentiles(units, options) {
  const figures = figuresOf(units);
  const resamples = Array.from(resampleWeights(units, options), (weights) => figures(weights));
  return Object.fromEntries(
    FIGURES.map((name) => {
      const values = resamples.map((figures) => figures[name]);
      return [name, jstat.jStat.quantiles(values, [0.025, 0.975], 1, 1)];
    }),
  );
}

function figuresOf(units) {
  const [atHalf, at95] = [weightedFigures(units, 0.5), sharesAt(units, [FOUND])];
  return (weights) => ({ ...atHalf(weights), healthyRateAt95: at95(weights)[0] });
}

/** Patients of the NIH set, drawn without replacement; scores of MODEL. */
function model(cells, random) {
  const patients = new Map();
  for (const [label, patient] of cells) {
    const counts = patients.get(patient) ?? { parasitized: 0, uninfected: 0 };
    patients.set(patient, counts);
    counts[label]++;
  }
  const all = [...patients.values()];
  const strata = [
    all.filter((counts) => counts.parasitized > 0),
    all.filter((counts) => counts.parasitized === 0),
  ];
  const { positive, negative, spread, positiveShare, negativeShare } = MODEL;
  const below = (z) => jstat.jStat.normal.cdf(z, 0, 1);
  return {
    truth: {
      rocAuc: below((positive + spread * negative) / Math.hypot(1, spread)),
      sensitivity: below(positive),
      specificity: below(negative),
      healthyRate: 1 - below(negative),
      // Found above the .05 quantile of the parasitized cells' scores.
      healthyRateAt95: 1 - below((positive - jstat.jStat.normal.inv(FOUND, 0, 1)) / spread + negative),
    },
    draw(infected, healthy) {
      const drawn = [...take(strata[0], infected, random), ...take(strata[1], healthy, random)];
      return drawn.flatMap(({ parasitized, uninfected }, i) => {
        const u = normal(random) * Math.sqrt(positiveShare);
        const v = normal(random) * Math.sqrt(negativeShare);
        const cell = (label, score, c) => ({
          name: `${i}-${c}`,
          label,
          patient: `P${i}`,
          probability: 1 / (1 + Math.exp(-score)),
        });
        return [
          ...Array.from({ length: parasitized }, (_, c) =>
            cell('parasitized', positive + u + normal(random) * Math.sqrt(1 - positiveShare), c),
          ),
          ...Array.from({ length: uninfected }, (_, c) =>
            cell('uninfected', spread * (v + normal(random) * Math.sqrt(1 - negativeShare) - negative), c),
          ),
        ];
      });
    },
  };
}

/** Patients with the scores they really got, drawn with replacement; the truth is the whole set's. */
function resampled(rows, random) {
  const patients = new Map();
  for (const [name, label, patient, , probability] of rows) {
    const cells = patients.get(patient) ?? [];
    patients.set(patient, cells);
    cells.push({ name, label, patient, probability: Number(probability) });
  }
  const all = [...patients.values()];
  const isInfected = (cells) => cells.some(({ label }) => label === 'parasitized');
  const strata = [all.filter(isInfected), all.filter((cells) => !isInfected(cells))];
  const whole = all.flat();
  const units = unitsOf(whole, healthyPatients(whole));
  return {
    truth: figuresOf(units)(new Float64Array(units.count).fill(1)),
    draw: (infected, healthy) =>
      [infected, healthy]
        .flatMap((count, s) =>
          Array.from({ length: count }, () => strata[s][uniformInt(random, 0, strata[s].length - 1)]),
        )
        .flatMap((cells, i) =>
          cells.map((cell) => ({ ...cell, name: `${i}-${cell.name}`, patient: `P${i}` })),
        ),
  };
}

function take(items, count, random) {
  const rest = [...items];
  for (let i = 0; i < count; i++) {
    const j = uniformInt(random, i, rest.length - 1);
    [rest[i], rest[j]] = [rest[j], rest[i]];
  }
  return rest.slice(0, count);
}

/** Box and Muller 1958. */
function normal(random) {
  const uniform = () => (uniformInt(random, 0, 0x7fffffff) + 0.5) / 0x80000000;
  return Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}
