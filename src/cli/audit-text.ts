import type { Audit } from '../audit/audit.ts';
import type { Range, Sizes } from '../audit/counts.ts';
import type { DuplicateGroup } from '../audit/duplicates.ts';
import type { Finding } from '../report/audit-findings.ts';
import { formatTable, printable, type Row } from './output.ts';

/** Groups named in the text; the JSON has them all. */
const NAMED = 5;

/** An audit as tables and sentences. */
export function auditText(audit: Audit, findings: readonly Finding[]): string {
  const { patients, duplicates } = audit;
  const parts = [
    formatTable(labelRows(audit), ['label', 'cells', 'patients', 'width', 'height']),
    'Width and height in pixels: least, median, most.\n',
    ...(patients.known > 0 ? [patientText(audit)] : []),
    ...(audit.split
      ? [
          formatTable(
            audit.split.parts.map((part) => ({ ...part })),
            PART_COLUMNS,
          ),
        ]
      : []),
    formatTable(probeRows(audit), ['ROC AUC of', 'folds by cell', 'patient-disjoint']),
    ...(
      [
        ['the same file', duplicates.sameBytes],
        ['the same pixels', duplicates.samePixels],
        ['nearly the same', duplicates.nearlySame],
      ] as const
    ).flatMap(([kind, groups]) => (groups.length > 0 ? [groupText(kind, groups)] : [])),
    findings.map(({ kind, text }) => `${MARKS[kind]}${text}\n`).join(''),
  ];
  return parts.join('\n');
}

const PART_COLUMNS = ['part', 'cells', 'parasitized', 'uninfected', 'patients'];
const MARKS = { warning: 'Warning: ', note: '', good: '' } as const;

function labelRows({ labels, cells, sizes, patients }: Audit): Row[] {
  const row = (label: string, own: { cells: number; patients: number; sizes: Sizes | null }): Row => ({
    label,
    cells: own.cells,
    patients: own.patients,
    width: rangeText(own.sizes?.width),
    height: rangeText(own.sizes?.height),
  });
  return [
    row('parasitized', labels.parasitized),
    row('uninfected', labels.uninfected),
    row('all', { cells, patients: patients.known, sizes }),
  ];
}

function rangeText(range: Range | null | undefined): string {
  return range ? `${range.min}, ${range.median}, ${range.max}` : '';
}

function patientText({ patients }: Audit): string {
  const { known, withParasitized, withUninfected, withBoth, healthy } = patients;
  return (
    `${known} patients: ${withParasitized} with parasitized cells, ${withUninfected} with uninfected ones, ${withBoth} with both,` +
    ` ${healthy} healthy. Parasitized cells a patient: ${rangeText(patients.parasitizedCells)};` +
    ` uninfected: ${rangeText(patients.uninfectedCells)} (least, median, most).\n`
  );
}

function probeRows({ probes }: Audit): Row[] {
  return probes.map(({ name, random, patientDisjoint }) => ({
    'ROC AUC of': name,
    'folds by cell': random?.rocAuc,
    'patient-disjoint': patientDisjoint?.rocAuc,
  }));
}

function groupText(kind: string, groups: readonly DuplicateGroup[]): string {
  const lines = groups.slice(0, NAMED).map(({ cells }) => `  ${cells.map(printable).join(', ')}\n`);
  const more = groups.length > NAMED ? `  and ${groups.length - NAMED} more groups (--format json)\n` : '';
  return `Groups of cells that are ${kind}: ${groups.length}\n${lines.join('')}${more}`;
}
