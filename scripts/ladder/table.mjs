/** The ladder as a Markdown page. */
export function ladderTable({ data, rungs }) {
  const titles = [
    '',
    'AUC by cell',
    'AUC unseen patients',
    '95 %',
    'accuracy by cell',
    'unseen',
    'MCC by cell',
    'unseen',
    'the leak in points of AUC (95 %)',
    'of accuracy (95 %)',
    'parameters',
    'multiply-adds',
    'ms a cell',
  ];
  const rows = rungs.map(
    ({ name, random, patientDisjoint, leak, parameters, multiplyAdds, milliseconds }) => [
      name,
      italicIfPartial(random, 'rocAuc', data.cells),
      italicIfPartial(patientDisjoint, 'rocAuc', data.cells),
      range(patientDisjoint?.intervals.rocAuc, (value) => value.toFixed(4)),
      italicIfPartial(random, 'accuracy', data.cells),
      italicIfPartial(patientDisjoint, 'accuracy', data.cells),
      italicIfPartial(random, 'mcc', data.cells),
      italicIfPartial(patientDisjoint, 'mcc', data.cells),
      points(leak?.rocAuc),
      points(leak?.accuracy),
      parameters.toLocaleString('en'),
      multiplyAdds.toLocaleString('en'),
      milliseconds === null ? '' : milliseconds.toFixed(2),
    ],
  );
  const line = (cells) => `| ${cells.join(' | ')} |\n`;
  return [
    '# The ladder\n\n',
    `${data.cells.toLocaleString('en')} cells, published labels, threshold 0.5. By cell: five folds drawn by cell, so that cells of a patient are in several (this leaks). Figures in italics are of fewer cells: of the test part of one split. Unseen: the five patient-disjoint folds of [folds.csv](../../benchmark/folds.csv). The leak is the first less the second, paired on the cells that both predict, in hundredths, with its 95 % interval over patients. Multiply-adds are those of the classifier, not of measuring features; milliseconds are of one core, from the decoded image to the probability. Made by \`scripts/ladder.mjs\`; all digits are in [ladder.json](ladder.json).\n\n`,
    '![The ladder](ladder.svg)\n\n',
    line(titles),
    line(titles.map((_, i) => (i === 0 ? '---' : '---:'))),
    ...rows.map(line),
    ...rungs.filter(({ againstBaseline }) => againstBaseline).map(baselineLine),
  ].join('');
}

function baselineLine({ name, againstBaseline: { rocAuc, accuracy, mcc } }) {
  const of = (title, { a, b, difference, interval }) =>
    `${title} ${b.toFixed(4)} against ${a.toFixed(4)} (${points({ difference, interval })} points)`;
  return `\nOur ${name} beside another implementation of the same features and boosting, on the same folds: ${[of('AUC', rocAuc), of('accuracy', accuracy), of('MCC', mcc)].join(', ')}.\n`;
}

/** In italics where it is of fewer cells than all. */
function italicIfPartial(figures, name, cells) {
  const text = figure(figures?.[name]);
  return text !== '' && figures.cells < cells ? `_${text}_` : text;
}

function figure(value) {
  return value === undefined || value === null ? '' : value.toFixed(4);
}

function points(value) {
  if (!value) return '';
  const signed = (share) => `${share < 0 ? '-' : '+'}${(100 * Math.abs(share)).toFixed(2)}`;
  return `${signed(value.difference)} (${range(value.interval, signed)})`;
}

function range(interval, text) {
  return interval ? interval.map(text).join(' to ') : 'none';
}
