// The tables of docs/results/default/external.md, from external.json.
import { existsSync } from 'node:fs';
import { markdownTable, renewMarked, share, withInterval } from '../marked-text.mjs';

/** Renews the tables of the page, if there is one. */
export async function renewTables(page, result) {
  if (existsSync(page)) await renewMarked(page, 'Tables by scripts/external-check.mjs', tables(result));
}

export function tables({ iml, chula, limits, model, date, commit }) {
  const { raw, normalised } = iml;
  const { overall } = normalised;
  const stages = Object.entries(normalised.stages).map(([stage, of]) => [
    stage,
    of.parasitized,
    auc(raw.stages[stage]),
    auc(of),
  ]);
  const blocks = Object.entries(normalised.byTime).map(([block, of]) => [
    `${block} of the session`,
    of.parasitized,
    auc(raw.byTime[block]),
    auc(of),
  ]);
  const calls = ['half', 'own'].flatMap((at) =>
    ['raw', 'normalised'].map((colour) => {
      const { threshold, sensitivity, specificity, intervals } = iml[colour].calls[at];
      const { per1000, interval, upper } = chula[colour][at];
      return [
        `${share(threshold, 3)}, ${colour}`,
        withInterval(sensitivity, intervals.sensitivity, 3),
        withInterval(specificity, intervals.specificity, 3),
        `${per1000.toFixed(1)} (${interval.map((v) => v.toFixed(1)).join(' to ')}; at most ${upper.toFixed(1)})`,
      ];
    }),
  );
  const series = Object.entries(chula.normalised.half.bySeries).map(([name, { cells, per1000 }]) => [
    `images ${name}`,
    cells,
    chula.raw.half.bySeries[name].per1000.toFixed(1),
    per1000.toFixed(1),
  ]);
  const { cells: _cells, ...variants } = limits;
  const steps = Object.entries(variants).map(([name, of]) => [name, auc(of)]);
  return [
    `Model \`${model.file}\` (sha256 ${model.sha256.slice(0, 12)}..., recipe ${model.recipe}), ${date}, commit ${commit}.` +
      ' In brackets 95 % intervals from a bootstrap of fields.',
    `**iml-fields**, P. vivax: ${overall.parasitized} parasitized and ${overall.uninfected} uninfected cells of ${iml.fields} fields. ROC AUC:`,
    markdownTable(
      ['parasitized cells against all red blood cells', 'cells', 'raw', 'normalised'],
      [['**all stages**', overall.parasitized, auc(raw.overall), auc(overall)], ...stages, ...blocks],
    ),
    `**At a threshold**, with false parasitized calls per 1,000 cells of chula-fields (${chula.normalised.half.cells} cells of ${chula.fields} fields, no malaria):`,
    markdownTable(
      ['threshold, colours', 'sensitivity, iml', 'specificity, iml', 'false calls per 1,000, chula'],
      calls,
    ),
    markdownTable(['chula-fields at 0.5: false calls per 1,000', 'cells', 'raw', 'normalised'], series),
    `**What each step is worth** (${limits.cells}), ROC AUC:`,
    markdownTable(['step', 'ROC AUC'], steps),
  ].join('\n\n');
}

function auc({ rocAuc, interval }) {
  return rocAuc === null ? '-' : withInterval(rocAuc, interval, 3);
}
