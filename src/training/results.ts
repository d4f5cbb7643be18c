import { stringify } from 'csv-stringify/sync';
import type { SplitRow } from '../dataset/split.ts';
import { writeFileWhole } from '../dataset/write-file.ts';
import { type Evaluation, evaluatePart, type UnderReview } from '../evaluation/evaluate.ts';
import { chooseThreshold } from '../evaluation/operating-points.ts';
import { healthyPatients, type PredictionRow } from '../evaluation/prediction.ts';
import { writeModel } from '../model/file.ts';
import { type AbstentionInput, fitAbstention } from './abstention.ts';
import { calibrate } from './calibrate.ts';
import { diverged } from './diverged.ts';
import { type JudgesInput, withColourRegression } from './judges.ts';
import { type GatheredOutputs, gatherOutputs } from './outputs.ts';
import { countParasitized, placesOfVal } from './parts.ts';
import { type RunPaths, type RunRecord, writeJson } from './run-folder.ts';

export interface ResultsInput extends JudgesInput, AbstentionInput {
  readonly paths: RunPaths;
  readonly record: RunRecord;
  /** The split; cells are numbered by its lines. */
  readonly rows: readonly SplitRow[];
  /** Where there is a second opinion: the predictions under its labels. */
  readonly underReview?: UnderReview;
}

/** Writes predictions.csv (parts val and test), metrics.json and model.onnx for the kept weights. */
export async function writeResults(input: ResultsInput): Promise<Evaluation> {
  const { paths, record, rows, parts } = input;
  const colours = await withColourRegression(input);
  const { judges, calibration } = await calibrate({ ...input, ...colours.judges });
  input.predictor.load(judges.weights);
  const judging = { ...input, ...judges };
  const outputs = await gatherOutputs(judging, 'predictions', parts.predicted);
  if (outputs.probabilities.some(Number.isNaN)) throw diverged("the network's output is no longer a number");
  const { threshold, chosenOn } = chooseThreshold(validationOf(input, outputs));
  const abstaining = await fitAbstention(judging, threshold, outputs);
  const predictions = Array.from(
    parts.predicted,
    (number, i): PredictionRow => ({
      ...rows[number],
      probability: outputs.probabilities[i],
      ...(abstaining ? { reason: abstaining.reasons[i] } : {}),
    }),
  );
  const columns = ['name', 'label', 'patient', 'part', 'probability', ...(abstaining ? ['reason'] : [])];
  const csv = stringify(predictions, { header: true, columns, cast: { number: String } });
  await writeFileWhole(paths.predictions, csv);

  const protocol = {
    protocol: record.split.protocol,
    recipe: record.recipe.name,
    labelSet: 'published',
    part: predictions.some((row) => row.part === 'test') ? 'test' : 'val',
  } as const;
  // A patient without parasitized cells in the predicted parts may have them in the others.
  const healthy = healthyPatients(rows);
  const at = protocol.part === 'val' ? undefined : { threshold, chosenOn };
  const labelSets = input.underReview?.(predictions);
  const metrics = evaluatePart(predictions, protocol, at, { healthy, ...(labelSets ? { labelSets } : {}) });
  await writeJson(paths.metrics, metrics);

  const { name, network, preprocessing, augmentation, training } = record.recipe;
  const { version, commit } = record.resumedWith?.at(-1) ?? record.giemsa;
  const model = await writeModel({
    network,
    preprocessing,
    ...judges,
    ...(abstaining ? { outlier: abstaining.outlier, platelet: abstaining.platelet.weights } : {}),
    metadata: {
      threshold,
      chosenOn: chosenOn ?? 'nothing',
      recipe: { name, settings: { augmentation, training } },
      seed: record.seed,
      labelSet: record.data.labelSet,
      dataFingerprint: record.data.fingerprint,
      splitFingerprint: record.split.fingerprint,
      prior: countParasitized(parts.targets, parts.train) / parts.train.length,
      version,
      commit,
      ...(colours.said ? { colours: colours.said } : {}),
      ...(calibration ? { calibration } : {}),
      ...(abstaining ? { abstention: abstaining.abstention } : {}),
    },
  });
  await writeFileWhole(paths.model, model);
  return metrics;
}

/** The validation part in the labels trained on. */
function validationOf({ parts, rows }: ResultsInput, { probabilities }: GatheredOutputs): PredictionRow[] {
  return placesOfVal(parts).map((i) => ({
    ...rows[parts.predicted[i]],
    label: parts.targets[parts.predicted[i]] === 1 ? 'parasitized' : 'uninfected',
    probability: probabilities[i],
  }));
}
