import type { AuditResult } from '../audit/audit.ts';
import { batchFigure } from '../figures/batch.ts';
import { cellsPerPatientFigure } from '../figures/cells-per-patient.ts';
import type { Figure } from '../figures/frame.ts';
import { counted } from '../figures/numbers.ts';
import { probesFigure } from '../figures/probes.ts';
import { sizesFigure } from '../figures/sizes.ts';
import { creditOf } from './credit.ts';

/** The drawings of an audit that its cells allow. */
export function auditFigures({ audit, facts, patients, batch }: AuditResult): Figure[] {
  const of = counted(audit.cells, 'cell');
  const subtitle =
    patients.length === 0 ? `${of}, patients not known` : `${of} of ${counted(patients.length, 'patient')}`;
  const credit = creditOf(batch.map(({ cell }) => cell.name));
  const probed = audit.probes.filter(({ random, patientDisjoint }) => random ?? patientDisjoint);
  return [
    ...(probed.length > 0 ? [probesFigure(probed, `${subtitle}. Gradient boosting, five folds`)] : []),
    ...(patients.length > 0 ? [cellsPerPatientFigure(patients, subtitle)] : []),
    ...(facts.length > 0
      ? [
          sizesFigure(
            facts.map(({ cell: { label }, width, height }) => ({ label, width, height })),
            subtitle,
          ),
        ]
      : []),
    ...(batch.length > 0
      ? [
          batchFigure(
            batch.map(({ cell: { label, patient }, image }) => ({ label, patient, image })),
            ['Drawn at random', credit].filter((part) => part !== undefined).join('. '),
          ),
        ]
      : []),
  ];
}
