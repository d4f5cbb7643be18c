import { GiemsaError } from '../cells/errors.ts';
import { readCsvRecords, readCsvRows } from '../dataset/csv.ts';
import { OUT_OF_FOLD, type PredictionRow, readReason } from '../evaluation/prediction.ts';

/**
 * Reads `predictions.csv`: `name,label,patient,part,probability`, or with `fold` in place of `part`, in any order and
 * among others. A column `reason` says which cells are indeterminate, and why; empty where they are called.
 *
 * @param positive which of the file's labels is parasitized, where they are not parasitized and uninfected
 * @throws GiemsaError `unreadable-file`, or `bad-csv` naming the row
 */
export async function readPredictions(path: string, positive?: string): Promise<PredictionRow[]> {
  const [header = []] = await readCsvRows(path);
  if (header.includes('file') && header.includes('threshold') && !header.includes('name')) {
    throw new GiemsaError(
      'bad-csv',
      `${path} is what classify prints: its labels are calls, not the truth. Evaluate the model itself: --model FILE --data DIR`,
    );
  }
  const folds = header.includes('fold') && !header.includes('part');
  const place = folds ? 'fold' : 'part';
  const records = await readCsvRecords(path, ['name', 'label', 'patient', place, 'probability'], ['reason']);
  if (records.length === 0) throw new GiemsaError('bad-csv', `${path} has no predictions`);
  const labelOf = labelReader(
    path,
    records.map(({ label }) => label),
    positive,
  );
  const predictions = records.map(({ name, label, patient, probability, reason, ...rest }, i) => ({
    name,
    label: labelOf(label, i),
    patient,
    part: folds ? OUT_OF_FOLD : rest[place],
    ...(folds ? { fold: rest[place] } : {}),
    probability: readProbability(probability, `${path}, row ${i + 2}`),
    ...readReason(reason),
  }));
  refuseDoubled(path, predictions);
  return predictions;
}

/** A cell that counts twice makes intervals too narrow. */
function refuseDoubled(path: string, predictions: readonly PredictionRow[]): void {
  const rows = new Map<string, number>();
  for (const [i, { name, label, patient, part }] of predictions.entries()) {
    const key = JSON.stringify([name, label, patient, part]);
    const first = rows.get(key);
    if (first !== undefined) {
      throw new GiemsaError(
        'bad-csv',
        `${path}, row ${i + 2}: the cell ${JSON.stringify(name)} is in row ${first} already. Leave one of the two`,
      );
    }
    rows.set(key, i + 2);
  }
}

/** Numbers as they are written, hexadecimal and empty fields refused: an empty one would read as 0. */
function readProbability(text: string, where: string): number {
  const value = Number(text);
  if (/^[+-]?(\d|\.\d)[\d.e+-]*$/i.test(text) && value >= 0 && value <= 1) return value;
  throw new GiemsaError(
    'bad-csv',
    `${where}: probability must be a number from 0 to 1. Received: ${text === '' ? 'nothing' : text}`,
  );
}

function labelReader(path: string, labels: readonly string[], positive: string | undefined) {
  const names = [...new Set(labels)];
  if (positive !== undefined && (names.length > 2 || !names.includes(positive))) {
    throw new GiemsaError(
      'bad-csv',
      `${path}: --positive ${positive} needs two labels, one of them ${positive}. Received: ${names.slice(0, 5).join(', ')}`,
    );
  }
  return (label: string, i: number): PredictionRow['label'] => {
    if (positive !== undefined) return label === positive ? 'parasitized' : 'uninfected';
    if (label === 'parasitized' || label === 'uninfected') return label;
    throw new GiemsaError(
      'bad-csv',
      `${path}, row ${i + 2}: label must be parasitized or uninfected (--positive NAME says which of two other names is parasitized). Received: ${label}`,
    );
  };
}
