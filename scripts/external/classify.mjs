// What a model says of the cells of whole fields, in several threads; and what one of these does.
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { matchColour } from '../../dist/cells/colour.js';
import { loadClassifier } from '../../dist/index.js';
import { cutField } from './cut-fields.mjs';
import { STAGES } from './sets.mjs';
import { VARIANTS } from './variants.mjs';

/** Of red cells in the variants: the others change little but the time it takes. */
const EVERY = 10;
/** What the variants are computed on. */
export const VARIANT_CELLS = `normalised; all parasitized and one red cell in ${EVERY}`;

/**
 * @param fields as in sets.mjs
 * @param model file
 * @param reference diameter and colour of the median training cell
 * @param threads how many
 * @returns for each field in turn its diameter, scale and colour; its cells with the probability of parasitized, raw and
 *   normalised, or why they were left out; rows by variant
 */
export async function classifyFields(name, fields, { model, reference, threads }) {
  const results = [];
  let next = 0;
  let done = 0;
  const inThread = () =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL(import.meta.url), { workerData: { model, reference } });
      const giveNext = () =>
        worker.postMessage(next < fields.length ? { i: next, field: fields[next++] } : 'end');
      worker.on('error', reject);
      worker.on('exit', (status) =>
        status === 0 ? resolve() : reject(new Error(`a thread ended with ${status}`)),
      );
      worker.on('message', ({ i, result }) => {
        results[i] = result;
        process.stderr.write(`\r${name}: ${++done} of ${fields.length} fields `);
        giveNext();
      });
      giveNext();
    });
  await Promise.all(Array.from({ length: Math.min(threads, fields.length) }, inThread));
  process.stderr.write('\n');
  return results;
}

if (parentPort) {
  const classifier = await loadClassifier(workerData.model);
  parentPort.on('message', async (task) => {
    if (task === 'end') process.exit();
    parentPort.postMessage({
      i: task.i,
      result: await classifyField(task.field, classifier, workerData.reference),
    });
  });
}

async function classifyField(field, classifier, reference) {
  const probabilitiesOf = async (images) =>
    (await classifier.classify(images)).map(({ probability }) => probability);
  const cut = await cutField(field, reference);
  const used = cut.cells.filter(({ leftOut }) => !leftOut);
  const raw = await probabilitiesOf(used.map(({ image }) => image));
  const normalised = await probabilitiesOf(
    used.map(({ image }) => matchColour(image, cut.colour, reference.colour)),
  );
  const probability = new Map(used.map((cell, k) => [cell, { raw: raw[k], normalised: normalised[k] }]));
  const cells = cut.cells.map((cell, number) => {
    const { seed, type, leftOut, relative } = cell;
    return {
      ...{ name: `${field.name} ${number}`, field: field.name, block: field.block, number },
      ...{ x: seed.x, y: seed.y, type, leftOut, relative, probability: probability.get(cell) },
    };
  });
  const few = field.variants ? used.filter(({ type }, k) => STAGES.includes(type) || k % EVERY === 0) : [];
  const variants = {};
  for (const [variant, imageOf] of Object.entries(VARIANTS)) {
    const probabilities = await probabilitiesOf(few.map((cell) => imageOf(cut, cell, reference)));
    variants[variant] = few.map(({ type }, k) => ({
      ...{ name: `${field.name} ${k}`, field: field.name, type, probability: probabilities[k] },
    }));
  }
  return { diameter: cut.diameter, scale: cut.scale, colour: cut.colour, cells, variants };
}
