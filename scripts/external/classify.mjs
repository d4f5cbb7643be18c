// What a model says of the cells of whole fields.
import { matchColour } from '../../dist/cells/colour.js';
import { cutField } from './cut-fields.mjs';
import { STAGES } from './sets.mjs';

/** Of red cells in the variants: the others change little but the time it takes. */
const EVERY = 10;
/** What the variants are computed on. */
export const VARIANT_CELLS = `normalised; all parasitized and every ${EVERY}th red cell`;

/**
 * @param variants by name, (cut field, cell, training cell) -> image
 * @returns cells with the probability of parasitized, raw and normalised, or why they were left out; diameter, scale and colour
 *   of each field; rows by variant
 */
export async function classifyFields(name, fields, classifier, reference, variants = {}) {
  const cells = [];
  const cuts = [];
  const ofVariants = Object.fromEntries(Object.keys(variants).map((variant) => [variant, []]));
  let red = 0;
  for (const [i, field] of fields.entries()) {
    process.stderr.write(`\r${name}: field ${i + 1} of ${fields.length} `);
    const cut = await cutField(field, reference);
    const used = cut.cells.filter(({ leftOut }) => !leftOut);
    const raw = await probabilitiesOf(
      classifier,
      used.map(({ image }) => image),
    );
    const normalised = await probabilitiesOf(
      classifier,
      used.map(({ image }) => matchColour(image, cut.colour, reference.colour)),
    );
    const probability = new Map(used.map((cell, k) => [cell, { raw: raw[k], normalised: normalised[k] }]));
    cut.cells.forEach((cell, number) => {
      const { seed, type, leftOut, relative } = cell;
      cells.push({
        ...{ name: `${field.name} ${number}`, field: field.name, block: field.block, number },
        ...{ x: seed.x, y: seed.y, type, leftOut, relative, probability: probability.get(cell) },
      });
    });
    cuts.push({ diameter: cut.diameter, scale: cut.scale, colour: cut.colour });

    const few = used.filter(({ type }) => STAGES.includes(type) || red++ % EVERY === 0);
    for (const [variant, imageOf] of Object.entries(variants)) {
      const images = few.map((cell) => imageOf(cut, cell, reference));
      (await probabilitiesOf(classifier, images)).forEach((probability, k) => {
        ofVariants[variant].push({
          ...{ name: `${field.name} ${k}`, field: field.name, type: few[k].type, probability },
        });
      });
    }
  }
  process.stderr.write('\n');
  return { fields: fields.length, cells, cuts, ofVariants };
}

async function probabilitiesOf(classifier, images) {
  return (await classifier.classify(images)).map(({ probability }) => probability);
}
