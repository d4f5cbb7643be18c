import type { Audit } from '../audit/audit.ts';
import type { DuplicateGroup } from '../audit/duplicates.ts';
import type { Probe } from '../audit/probes.ts';
import { count, counted, percent } from '../figures/numbers.ts';

/** One thing the audit has to say: whether it is well, to be kept in mind, or to be put right. */
export interface Finding {
  readonly kind: 'good' | 'note' | 'warning';
  readonly text: string;
}

/** Below this, a probe knows too little to matter. */
const WEAK = 0.6;
/** A probe that gains this much where folds share patients tells the patients apart. */
const LEAK = 0.03;

/** What the figures of an audit mean, in plain sentences. */
export function auditFindings(audit: Audit): Finding[] {
  return [
    ...onFiles(audit),
    ...onLabels(audit),
    ...onPatients(audit),
    ...onDuplicates(audit),
    ...onSplit(audit),
    ...audit.probes.flatMap(onProbe),
  ];
}

const good = (text: string): Finding => ({ kind: 'good', text });
const note = (text: string): Finding => ({ kind: 'note', text });
const warning = (text: string): Finding => ({ kind: 'warning', text });

function onFiles({ unreadable, cells }: Audit): Finding[] {
  if (unreadable.length === 0) return [good(`All ${counted(cells, 'cell')} can be read.`)];
  return [warning(`${counted(unreadable.length, 'file')} cannot be read: training leaves them out.`)];
}

function onLabels({ labels: { parasitized, uninfected } }: Audit): Finding[] {
  if (parasitized.cells === 0 || uninfected.cells === 0) {
    return [warning('All cells have one label: nothing can be learnt from them alone.')];
  }
  const share = percent(parasitized.cells / (parasitized.cells + uninfected.cells));
  return [
    note(
      `${share} of the cells are parasitized. In blood it is often less than 1 %: a PPV from these cells does not carry over.`,
    ),
  ];
}

function onPatients({ patients, cells }: Audit): Finding[] {
  const { known, unknownCells, withParasitized, healthy, parasitizedCells } = patients;
  if (unknownCells > 0) {
    return [
      warning(
        `The patient of ${count(unknownCells)} of ${counted(cells, 'cell')} is not known: no split by patient can be made, and figures of a split by cell are too good. Give a CSV with --patients.`,
      ),
    ];
  }
  const found = [];
  if (withParasitized < 40) {
    found.push(
      warning(
        `Parasitized cells come from ${counted(withParasitized, 'patient')} only. Cells of one patient are alike, so figures will be unsure whatever the number of cells.`,
      ),
    );
  } else {
    found.push(
      good(`${counted(known, 'patient')}, ${count(withParasitized)} infected and ${count(healthy)} healthy.`),
    );
  }
  if (healthy === 0) {
    found.push(
      note('There is no healthy patient, so nothing can be said of false calls on slides without parasites.'),
    );
  }
  if (parasitizedCells && parasitizedCells.max > 5 * parasitizedCells.median) {
    found.push(
      note(
        `Parasitized cells a patient go from ${count(parasitizedCells.min)} to ${count(parasitizedCells.max)}, median ${parasitizedCells.median}: a few patients weigh most in any figure over cells.`,
      ),
    );
  }
  return found;
}

function onDuplicates({ duplicates }: Audit): Finding[] {
  const { sameBytes, samePixels, nearlySame } = duplicates;
  const exact = [...sameBytes, ...samePixels];
  return [
    exact.length === 0
      ? good('There are no exact duplicates, neither of bytes nor of pixels.')
      : warning(`${groups(exact)} exact duplicates${crossings(exact)}. Keep one of each.`),
    nearlySame.length === 0
      ? good('There are no near duplicates.')
      : warning(
          `${groups(nearlySame)} near duplicates${crossings(nearlySame)}. Look at them, and keep one of each.`,
        ),
  ];
}

function groups({ length }: readonly DuplicateGroup[]): string {
  return length === 1 ? 'There is 1 group of' : `There are ${count(length)} groups of`;
}

function crossings(some: readonly DuplicateGroup[]): string {
  const groupsThat = (test: (group: DuplicateGroup) => boolean) => some.filter(test).length;
  const found = [
    [groupsThat(({ acrossLabels }) => acrossLabels), 'with both labels (one must be wrong)'],
    [groupsThat(({ acrossPatients }) => acrossPatients), 'of different patients'],
    [groupsThat(({ acrossParts }) => acrossParts), 'in different parts of the split (they leak)'],
  ] as const;
  const named = found.filter(([n]) => n > 0).map(([n, text]) => `${count(n)} ${text}`);
  return named.length === 0 ? '' : `, ${named.join(', ')}`;
}

function onSplit({ split }: Audit): Finding[] {
  if (!split) return [];
  const { patientsInSeveralParts, protocol, inNoPart } = split;
  const leftOut = inNoPart > 0 ? [note(`${counted(inNoPart, 'cell')} in no part of the split.`)] : [];
  if (patientsInSeveralParts > 0) {
    return [
      warning(
        `${counted(patientsInSeveralParts, 'patient')} with cells in several parts of the split: it leaks, and its figures will be too good.`,
      ),
      ...leftOut,
    ];
  }
  return [
    protocol === 'patient-disjoint'
      ? good('No patient is in two parts of the split.')
      : warning('Whether a patient is in two parts of the split cannot be said, as some are not known.'),
    ...leftOut,
  ];
}

const SUBJECTS: Readonly<Record<Probe['name'], string>> = {
  'width and height': 'The size of the image alone predicts',
  'mean colour': 'The mean colour of the image alone predicts',
  'size and colour': 'Size and mean colour together predict',
  'patient alone': 'The patient alone predicts',
};

function onProbe({ name, random, patientDisjoint }: Probe): Finding[] {
  const result = name === 'patient alone' ? random : (patientDisjoint ?? random);
  if (!result) return [];
  const auc = result.rocAuc.toFixed(2);
  const predicts = `${SUBJECTS[name]} the label with AUC ${auc}`;
  if (name === 'patient alone') {
    if (result.rocAuc < WEAK) return [good(`${predicts}: knowing the patient helps little.`)];
    return [
      warning(
        `${predicts}: a split by cell leaks, since a network can recognise the patient. Split by patient.`,
      ),
    ];
  }
  const leak = random && patientDisjoint ? random.rocAuc - patientDisjoint.rocAuc : 0;
  const more =
    leak < LEAK
      ? ''
      : ` Where folds share patients it is ${random?.rocAuc.toFixed(2)}: it gives away the patient, too.`;
  const whose = patientDisjoint ? ' of patients it never saw' : '';
  if (result.rocAuc < WEAK) return [good(`${predicts}${whose}: no shortcut.${more}`)];
  return [
    warning(
      `${predicts}${whose}, without looking for a parasite: a network that does no better has learnt a shortcut.${more}`,
    ),
  ];
}
