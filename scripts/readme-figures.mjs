// The three tables of figures in README.md, from docs/results.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { markdownTable, renewMarked, share, withInterval } from './marked-text.mjs';

const root = new URL('../', import.meta.url);
const read = (name) => JSON.parse(readFileSync(new URL(`docs/results/${name}`, root), 'utf8'));

/** @param print how one number is printed, of which those not below 0 get a sign here */
const difference = ({ difference, interval }, print) => {
  const [own, ...ends] = [difference, ...interval].map((value) => `${value < 0 ? '' : '+'}${print(value)}`);
  return `${own} (${ends.join(' to ')})`;
};
const digits = (count) => (value) => share(value, count);
const percent = (value) => `${(100 * value).toFixed(1)} %`;

/** Where the sensitivity by relabelled labels is .95. */
const at95 = (rows) => rows.find(({ sensitivity }) => sensitivity === 0.95);

function fiveFolds() {
  const rows = ['published', 'relabelled'].flatMap((set) => {
    const of = (evaluation) => (set === 'published' ? evaluation : evaluation.labelSets.relabelled);
    const { metrics } = read(`default/cross-validation-${set}.json`);
    const { runs, pairs } = read(`default/against-features-${set}.json`);
    const less = set === 'published' ? pairs[0].differences : pairs[0].labelSets.relabelled;
    const healthy = at95(
      read(`default/healthy-against-features-${set}.json`).falseCalls.labelSets.relabelled,
    );
    const { interval } = at95(metrics.labelSets.relabelled.healthy.atSensitivity);
    const [features, own] = [of(runs[0].evaluation), of(metrics)];
    const best = ['', 'the best published network, patients apart, on folds of its own (ResNet-50)'];
    return [
      [
        set === 'published' ? 'as published' : set,
        'sixteen handcrafted features, gradient boosting',
        withInterval(features.rocAuc, features.intervals.rocAuc, 4),
        share(features.accuracy, 4),
        share(features.mcc, 3),
        healthy.a.toFixed(1),
        '',
      ],
      ...(set === 'published' ? [[...best, '.990 to .991', '.957 to .959', '.912 to .917', '', '']] : []),
      [
        '',
        '`default`',
        `**${share(own.rocAuc, 4)}** (${own.intervals.rocAuc.map((end) => share(end, 4)).join(' to ')})`,
        share(own.accuracy, 4),
        share(own.mcc, 3),
        `${healthy.b.toFixed(1)} (${interval.map((end) => end.toFixed(1)).join(' to ')})`,
        percent(metrics.indeterminate.share),
      ],
      [
        '',
        '_`default` less features_',
        difference(less.rocAuc, digits(4)),
        difference(less.accuracy, digits(4)),
        difference(less.mcc, digits(3)),
        difference(healthy, (value) => value.toFixed(1)),
        '',
      ],
    ];
  });
  const titles = ['labels trained and tested on', '', 'ROC AUC', 'accuracy at 0.5', 'MCC'];
  const quiet =
    'false parasitized calls in 1,000 cells of healthy patients, where it finds 95 % of the parasitized ones (relabelled)';
  return markdownTable([...titles, quiet, '"cannot tell"'], rows);
}

function leak() {
  const { rungs } = read('default/ladder.json');
  const points = (leak) => difference(leak, (value) => (100 * value).toFixed(1));
  const rows = [
    ['seed', 'seed/1/metrics.json', 'seed/cross-validation.json'],
    ['default', 'default/seed-split/metrics.json', 'default/cross-validation-published.json'],
  ].flatMap(([name, byCell, folds]) => {
    const { leak } = rungs.find((rung) => rung.name === name);
    const line = (protocol, evaluation, chosen) => [
      `\`${name}\``,
      protocol,
      evaluation.cells.toLocaleString('en'),
      withInterval(evaluation.rocAuc, evaluation.intervals.rocAuc, 4),
      share(evaluation.operatingPoints[0].accuracy, 3),
      `${share(chosen.sensitivity, 3)}, ${share(chosen.specificity, 3)}`,
    ];
    const [leaking, apart] = [read(byCell), read(folds).metrics];
    return [
      line('split by cell (**leaks**)', leaking, leaking),
      line('patients apart', apart, apart.atFoldThresholds),
      [
        '',
        '_the leak, in points_',
        leaking.cells.toLocaleString('en'),
        points(leak.rocAuc),
        points(leak.accuracy),
        '',
      ],
    ];
  });
  const titles = ['recipe', 'protocol', 'cells tested', 'ROC AUC', 'accuracy at 0.5'];
  const chosen = 'sensitivity and specificity at the thresholds chosen on validation for specificity .973';
  return markdownTable([...titles, chosen], rows);
}

function shippedModel() {
  const metrics = read('default/frozen/metrics.json');
  const sets = {
    'as published': metrics,
    'relabelled, as trained': metrics.labelSets.relabelled,
    'without the doubted cells': metrics.labelSets.dropped,
  };
  const rows = Object.entries(sets).map(([name, own]) => [
    name,
    own.cells.toLocaleString('en'),
    withInterval(own.rocAuc, own.intervals.rocAuc, 4),
    share(own.accuracy, 3),
    `${share(own.indeterminate.called.accuracy, 3)}; ${percent(own.indeterminate.share)}`,
    share(own.calibration.eceEqualMass, 3),
    share(own.calibration.slope, 2),
  ]);
  const titles = ['labels of the test', 'cells tested', 'ROC AUC', 'accuracy at its threshold'];
  const rest = [
    'without what it cannot tell; how much that is',
    'calibration error (15 bins of equal mass)',
    'slope (1 is right)',
  ];
  return markdownTable([...titles, ...rest], rows);
}

/** Names of the marked parts, and what stands in them. */
export const parts = {
  'Five folds by scripts/readme-figures.mjs': fiveFolds,
  'The leak by scripts/readme-figures.mjs': leak,
  'Shipped model by scripts/readme-figures.mjs': shippedModel,
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const readme = fileURLToPath(new URL('README.md', root));
  for (const [name, make] of Object.entries(parts)) await renewMarked(readme, name, make());
}
