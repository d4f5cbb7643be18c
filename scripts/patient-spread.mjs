// How sensitivity and specificity differ from patient to patient, at the threshold where all cells together have a given specificity.
import { parseArgs } from 'node:util';
import { readPredictions } from '../dist/cli/predictions-file.js';
import { writeFileWhole } from '../dist/dataset/write-file.js';
import { curveOf } from '../dist/evaluation/operating-points.js';
import { betweenPatients, patientTable } from '../dist/evaluation/per-patient.js';
import { thresholdForSpecificity } from '../dist/evaluation/thresholds.js';

const usage = `npm run build && node scripts/patient-spread.mjs [options] PREDICTIONS.csv ...

  PREDICTIONS.csv     out-of-fold predictions, published labels
  --specificity X     of all cells (.972)
  --out FILE          JSON; stdout without it`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    specificity: { type: 'string', default: '.972' },
    out: { type: 'string' },
    help: { type: 'boolean' },
  },
});

if (values.help || positionals.length === 0) {
  (values.help ? console.log : console.error)(usage);
  process.exitCode = values.help ? 0 : 2;
} else {
  const specificity = Number(values.specificity);
  const files = {};
  for (const path of positionals) files[path] = spreadOf(await readPredictions(path), specificity);
  const text = `${JSON.stringify({ specificity, files }, null, 2)}\n`;
  if (values.out) await writeFileWhole(values.out, text);
  else process.stdout.write(text);
}

function spreadOf(predictions, specificity) {
  const threshold = thresholdForSpecificity(curveOf(predictions), specificity);
  return { threshold, ...betweenPatients(patientTable(predictions, threshold)) };
}
