import { type Evaluation, LEAKS } from '../evaluation/evaluate.ts';
import { count, counted, percent, roughly, share, withInterval } from '../figures/numbers.ts';

/** Fewer patients than this tell little about others, whatever the number of their cells. */
const MANY_PATIENTS = 40;

/** What to make of the figures: three sentences, on the protocol, on how sure they are, and on what they mean for a slide. */
export function assessment(evaluation: Evaluation): [protocol: string, certainty: string, use: string] {
  return [onProtocol(evaluation), onCertainty(evaluation), onUse(evaluation)];
}

function onProtocol({ protocol, part }: Evaluation): string {
  const disjoint = protocol.startsWith('patient-disjoint');
  if (disjoint && part === 'val') {
    return 'These are figures of the part that the epoch was chosen on, so they are too good: only cells of a part that nothing was chosen on show what the model can do.';
  }
  if (disjoint) {
    return 'No patient in these figures was seen in training, so they show what the model does on new patients of the same laboratory, stain and microscope; another laboratory may give others.';
  }
  if (protocol === LEAKS) {
    return 'This split leaks: patients have cells in training and here, and a cell’s patient alone tells much of its label, so these figures are too good and say nothing about new patients.';
  }
  return 'It is not known that the patients here are others than those of the training, so these figures may be too good: only a patient-disjoint split shows what the model does on new patients.';
}

function onCertainty({ rocAuc, intervals, intervalMethod, patients, cells }: Evaluation): string {
  if (rocAuc === null) {
    return 'All cells have one label, so there is no ROC AUC, and nothing here shows that the model tells the labels apart.';
  }
  const auc = `The ROC AUC is ${withInterval(rocAuc, intervals.rocAuc)}`;
  const low = intervals.rocAuc?.[0] ?? rocAuc;
  if (low <= 0.5) return `${auc}, which cannot be told from guessing (0.5).`;
  if (patients === 0) {
    return `${auc}, but which cells are of one patient is not known, and cells of a patient are alike, so ${counted(cells, 'cell')} say less than they seem to.`;
  }
  if (intervalMethod.unit === 'cell') {
    return `${auc}, but of some cells the patient is not known, so the interval is over cells as if those of a patient were not alike: it is too narrow.`;
  }
  if (intervalMethod.warning || patients < MANY_PATIENTS) {
    return `${auc}, but from too few patients: ${counted(cells, 'cell')} of ${counted(patients, 'patient')} count as few, since cells of a patient are alike, and other patients may give clearly different figures.`;
  }
  return `${auc}, over ${counted(patients, 'patient')}; a difference smaller than this interval may be chance.`;
}

function onUse({ healthy, sensitivity, specificity, threshold, counts }: Evaluation): string {
  const missed = `it misses ${sensitivity === null ? 'an unknown share' : percent(1 - sensitivity)} of the parasitized cells`;
  if (healthy && healthy.cells > 0) {
    const { falseCalls, cells, patients, perMicrolitre, upperPerMicrolitre } = healthy;
    const reads =
      falseCalls === 0
        ? `with up to ${roughly(upperPerMicrolitre)} not excluded`
        : `up to ${roughly(upperPerMicrolitre)}`;
    return `At the threshold ${share(threshold)} ${missed}, and calls ${count(falseCalls)} of ${counted(cells, 'cell')} of ${counted(patients, 'healthy patient')} parasitized: a slide without parasites would read as ${roughly(perMicrolitre)} a microlitre, ${reads}.`;
  }
  const { fp, tn } = counts;
  if (specificity === null) {
    return `At the threshold ${share(threshold)} ${missed}; without uninfected cells, nothing shows what it would call on a slide without parasites.`;
  }
  return `At the threshold ${share(threshold)} ${missed} and calls ${count(fp)} of ${counted(fp + tn, 'uninfected cell')} parasitized; without healthy patients in this part, what it would call on a slide without parasites is not known.`;
}
