import type { Audit } from '../audit/audit.ts';
import type { Range, Sizes } from '../audit/counts.ts';
import type { DuplicateGroup, Duplicates } from '../audit/duplicates.ts';
import type { ProbeResult } from '../audit/probes.ts';
import type { Figure } from '../figures/frame.ts';
import { count, counted, share } from '../figures/numbers.ts';
import type { Finding } from './audit-findings.ts';
import { type Html, html } from './html.ts';
import { page } from './page.ts';
import { facts, figureGrid, figurePart, notice, table } from './parts.ts';

export interface AuditReport {
  /** Of the data set's folder or archive. */
  readonly name: string;
  readonly audit: Audit;
  readonly findings: readonly Finding[];
  readonly figures: readonly Figure[];
  /** Of giemsa. */
  readonly version: string;
}

/** Of each kind, so many are named; all of them are in the JSON. */
const NAMED = 20;

/** The report of an audit as one HTML file. */
export function auditReport({ name, audit, findings, figures, version }: AuditReport): string {
  const { unreadable } = audit;
  const of = (kind: Finding['kind']) => findings.filter((finding) => finding.kind === kind);
  return page({
    title: `Audit of ${name}`,
    protocol: `${counted(audit.cells, 'cell')}, labels as published. Positive: parasitized.`,
    madeBy: `Made by giemsa ${version}, command giemsa dataset audit`,
    body: html`<h2>What to make of it</h2>
${of('warning').map(({ text }) => notice(text))}<ul>${[...of('note'), ...of('good')].map(({ text }) => html`<li>${text}</li>\n`)}</ul>
<h2>Counts</h2>
${labelTable(audit)}${patientFacts(audit)}${splitTable(audit)}<h2>Figures</h2>
${figureGrid(figures.map((figure) => figurePart(figure, { caption: figure.name !== 'batch' })))}<h2>Shortcuts</h2>
${probeTable(audit)}<h2>Duplicates</h2>
${duplicatePart(audit.duplicates)}${unreadable.length > 0 && html`<h2>What could not be read</h2>\n${fileList(unreadable)}`}`,
  });
}

function labelTable({ labels, cells, sizes, patients }: Audit): Html {
  const rows = [
    ['parasitized', labels.parasitized],
    ['uninfected', labels.uninfected],
    ['all', { cells, patients: patients.known, sizes }],
  ] as const;
  return table(
    'Cells by label; width and height in pixels: least, median, most',
    [
      { title: 'Label' },
      ...['Cells', 'Patients', 'Width', 'Height'].map((title) => ({ title, number: true })),
    ],
    rows.map(([label, own]) => [label, count(own.cells), count(own.patients), ...sizeCells(own.sizes)]),
  );
}

function sizeCells(sizes: Sizes | null): [string, string] {
  return [rangeText(sizes?.width), rangeText(sizes?.height)];
}

function rangeText(range: Range | null | undefined): string {
  return range ? `${count(range.min)}, ${range.median}, ${count(range.max)}` : '';
}

function patientFacts({ patients }: Audit): Html {
  const { known, withParasitized, withUninfected, withBoth, healthy, unknownCells } = patients;
  return facts([
    ['Patients', count(known)],
    ['with parasitized cells', count(withParasitized)],
    ['with uninfected cells', count(withUninfected)],
    ['with both', count(withBoth)],
    ['healthy', count(healthy)],
    ['Cells of no known patient', count(unknownCells)],
    ['Parasitized cells a patient', `${rangeText(patients.parasitizedCells)} (least, median, most)`],
    ['Uninfected cells a patient', `${rangeText(patients.uninfectedCells)} (least, median, most)`],
  ]);
}

function splitTable({ split }: Audit): Html | undefined {
  if (!split) return undefined;
  const titles = ['Cells', 'Parasitized', 'Uninfected', 'Patients'];
  return table(
    `Parts of the split: ${split.protocol}`,
    [{ title: 'Part' }, ...titles.map((title) => ({ title, number: true }))],
    split.parts.map(({ part, cells, parasitized, uninfected, patients }) => [
      part,
      ...[cells, parasitized, uninfected, patients].map(count),
    ]),
  );
}

function probeTable({ probes }: Audit): Html {
  const cells = (result: ProbeResult | null) =>
    result
      ? [share(result.rocAuc), `${share(Math.min(...result.folds))} to ${share(Math.max(...result.folds))}`]
      : ['none', 'none'];
  return table(
    'ROC AUC of what is no parasite, by gradient boosting on five folds: mean, and from the lowest fold to the highest',
    [
      { title: 'What is known of a cell' },
      ...['By cell', 'Folds', 'Patient-disjoint', 'Folds'].map((title) => ({ title, number: true })),
    ],
    probes.map(({ name, random, patientDisjoint }) => [name, ...cells(random), ...cells(patientDisjoint)]),
  );
}

function duplicatePart({ sameBytes, samePixels, nearlySame }: Duplicates): Html {
  const kinds = [
    ['the same file', sameBytes],
    ['the same pixels in another file', samePixels],
    ['nearly the same picture', nearlySame],
  ] as const;
  return html`${table(
    'Groups of duplicates',
    [
      { title: 'Kind' },
      ...['Groups', 'Cells', 'Both labels', 'Several patients', 'Several parts'].map((title) => ({
        title,
        number: true,
      })),
    ],
    kinds.map(([kind, groups]) => [kind, ...groupCounts(groups).map(count)]),
  )}${kinds.map(
    ([kind, groups]) =>
      groups.length > 0 &&
      html`<h3>${kind[0].toUpperCase()}${kind.slice(1)}</h3>
<ul>${groups.slice(0, NAMED).map(({ cells }) => html`<li>${cells.join(', ')}</li>\n`)}</ul>
${groups.length > NAMED && html`<p>And ${count(groups.length - NAMED)} more: audit.json has them all.</p>\n`}`,
  )}`;
}

function groupCounts(groups: readonly DuplicateGroup[]): number[] {
  const of = (test: (group: DuplicateGroup) => boolean) => groups.filter(test).length;
  return [
    groups.length,
    groups.reduce((sum, { cells }) => sum + cells.length, 0),
    of(({ acrossLabels }) => acrossLabels),
    of(({ acrossPatients }) => acrossPatients),
    of(({ acrossParts }) => acrossParts),
  ];
}

function fileList(files: Audit['unreadable']): Html {
  return html`<ul>${files.slice(0, NAMED).map(({ path, reason }) => html`<li>${path}: ${reason}</li>\n`)}</ul>
${files.length > NAMED && html`<p>And ${count(files.length - NAMED)} more: audit.json has them all.</p>\n`}`;
}
