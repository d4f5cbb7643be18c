import * as v from 'valibot';
import { METRICS, type MetricName } from './metric-names.ts';

/** What a recipe must look like; the messages complete the sentence "expected ...". */

/** As the model file has it. */
const MOST = 1024;
/** Far more than a gradient gains from; with small images, what memory holds. */
const MOST_IN_BATCH = 4096;

function number(expected: string, holds: (value: number) => boolean) {
  return v.pipe(
    v.number(expected),
    v.check((value) => Number.isFinite(value) && holds(value), expected),
  );
}

/** Where one field decides which others there are: the mistake is in that field, or it is no object at all. */
function kinds(key: string, names: string) {
  return (issue: v.VariantIssue) =>
    issue.expected === 'Object' ? `an object whose ${key} is ${names}` : names;
}

const above0 = number('a number above 0', (x) => x > 0);
const from0 = number('a number of 0 or above', (x) => x >= 0);
const share = number('a number from 0 to 1', (x) => x >= 0 && x <= 1);
const shareBelow1 = number('a number from 0 to below 1', (x) => x >= 0 && x < 1);
const anyNumber = number('a number', () => true);
const count = number('a whole number above 0', (x) => Number.isInteger(x) && x > 0);
const side = number(`a whole number from 1 to ${MOST}`, (x) => Number.isInteger(x) && x >= 1 && x <= MOST);
const batch = number(
  `a whole number from 1 to ${MOST_IN_BATCH}`,
  (x) => Number.isInteger(x) && x >= 1 && x <= MOST_IN_BATCH,
);
const yesOrNo = v.boolean('true or false');

const network = v.strictObject(
  {
    input: v.strictObject(
      { height: side, width: side, channels: v.literal(3, '3 (red, green and blue)') },
      'an object with height, width and channels',
    ),
    layers: v.pipe(
      v.array(
        v.looseObject({ type: v.string('the type of the layer, as "dense"') }, 'an object with a type'),
        'an array of layers',
      ),
      v.minLength(1, 'at least one layer'),
    ),
  },
  'an object with input and layers',
);

const pixels = {
  height: side,
  width: side,
  scale: above0,
  offset: v.union(
    [v.literal(0), v.strictTuple([anyNumber, anyNumber, anyNumber])],
    '0 or three numbers, for red, green and blue',
  ),
};

const pixelScale = number(`a number from 1/${MOST} to ${MOST}`, (x) => x >= 1 / MOST && x <= MOST);

const preprocessing = v.variant(
  'fit',
  [
    v.strictObject({ fit: v.literal('stretch'), ...pixels }),
    v.strictObject({ fit: v.literal('keep-scale'), ...pixels, pixelScale }),
  ],
  kinds('fit', '"stretch" or "keep-scale"'),
);

const augmentation = v.strictObject(
  {
    dihedral: v.optional(yesOrNo),
    rotation: v.optional(number('degrees from 0 to 180', (x) => x >= 0 && x <= 180)),
    shift: v.optional(from0),
    zoom: v.optional(shareBelow1),
    brightness: v.optional(shareBelow1),
    contrast: v.optional(shareBelow1),
    saturation: v.optional(share),
    stain: v.optional(shareBelow1),
    platelets: v.optional(share),
  },
  'an object ({} for no augmentation)',
);

const moments = {
  beta1: v.optional(shareBelow1),
  beta2: v.optional(shareBelow1),
  epsilon: v.optional(above0),
};

const optimiser = v.variant(
  'type',
  [
    v.strictObject({
      type: v.literal('sgd'),
      momentum: v.optional(shareBelow1),
      nesterov: v.optional(yesOrNo),
      weightDecay: v.optional(from0),
    }),
    v.strictObject({
      type: v.literal('adam'),
      ...moments,
      convention: v.optional(v.picklist(['keras', 'pytorch'], '"keras" or "pytorch"')),
      weightDecay: v.optional(from0),
    }),
    v.strictObject({ type: v.literal('adamw'), ...moments, weightDecay: from0 }),
  ],
  kinds('type', '"sgd", "adam" or "adamw"'),
);

const schedule = v.variant(
  'type',
  [
    v.strictObject({ type: v.literal('constant'), rate: above0 }),
    v.strictObject({
      type: v.literal('warm-up-cosine'),
      peak: above0,
      warmUp: shareBelow1,
      final: v.optional(from0),
    }),
    v.strictObject({
      type: v.literal('one-cycle'),
      peak: above0,
      warmUp: share,
      initial: v.optional(from0),
      final: v.optional(from0),
    }),
  ],
  kinds('type', '"constant", "warm-up-cosine" or "one-cycle"'),
);

const names = Object.keys(METRICS) as MetricName[];
const metric = v.picklist(names, `one of ${names.map((name) => `"${name}"`).join(', ')}`);

const training = v.strictObject(
  {
    epochs: count,
    batch,
    optimiser,
    schedule,
    labelSmoothing: v.optional(shareBelow1),
    hardNegativeWeight: v.optional(above0),
    clip: v.optional(above0),
    average: v.optional(v.strictObject({ decay: shareBelow1 }, 'an object with decay')),
    earlyStopping: v.optional(
      v.strictObject({ metric, patience: count }, 'an object with metric and patience'),
    ),
    keep: v.union(
      [v.literal('last'), v.strictObject({ metric })],
      '"last" or { "metric": ... } with a metric',
    ),
    colours: v.optional(number('a number above 0 and below 1', (x) => x > 0 && x < 1)),
    calibration: v.optional(v.literal('temperature', '"temperature"')),
    outlier: v.optional(yesOrNo),
  },
  'an object with epochs, batch, optimiser, schedule and keep',
);

export const recipeSchema = v.strictObject(
  {
    name: v.pipe(
      v.string('a name'),
      v.regex(
        /^[a-z0-9][a-z0-9._-]{0,63}$/i,
        'a name of at most 64 letters, digits, dots, underscores and hyphens',
      ),
    ),
    network,
    preprocessing,
    augmentation,
    training,
  },
  'an object with name, network, preprocessing, augmentation and training',
);
