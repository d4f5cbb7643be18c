import { describe, expect, test } from 'vitest';
import { resolve } from '../network/graph.ts';
import { tooLarge } from '../network/largest.ts';
import { RECIPES, recipeByName, validateRecipe } from './index.ts';
import { plateletNetwork } from './platelet-network.ts';

/** A copy of the default recipe with one field, given by its path, set to a value (undefined: removed). */
function withField(path: string, value: unknown): unknown {
  const recipe = structuredClone(RECIPES['default']) as unknown as Record<string, unknown>;
  const keys = path.split('.');
  const last = keys.pop() as string;
  let at = recipe;
  for (const key of keys) at = at[key] as Record<string, unknown>;
  if (value === undefined) delete at[last];
  else at[last] = value;
  return recipe;
}

function messageOf(value: unknown): string {
  try {
    validateRecipe(value);
  } catch (error) {
    expect(error).toMatchObject({ name: 'GiemsaError', code: 'wrong-recipe' });
    return (error as Error).message;
  }
  return 'no error';
}

test('the package’s own recipes are right, and JSON keeps them whole', () => {
  for (const [name, recipe] of Object.entries(RECIPES)) {
    expect(recipe.name).toBe(name);
    expect(validateRecipe(JSON.parse(JSON.stringify(recipe)))).toEqual(recipe);
  }
});

test('recipes are found by name, names of Object.prototype are not', () => {
  expect(recipeByName('seed')?.network.input.height).toBe(150);
  expect(recipeByName('nothing')).toBeUndefined();
  expect(recipeByName('constructor')).toBeUndefined();
});

describe('a mistake names the field', () => {
  test.each([
    ['training.schedule.peak', 'fast', 'training.schedule.peak: expected a number above 0, received "fast"'],
    [
      'training.schedule.type',
      'cosine',
      'training.schedule.type: expected "constant", "warm-up-cosine" or "one-cycle", received "cosine"',
    ],
    ['training.schedule', 0.1, 'training.schedule: expected an object whose type is "constant"'],
    ['training.batch', 3.5, 'training.batch: expected a whole number from 1 to 4096, received 3.5'],
    ['training.batch', 4097, 'training.batch: expected a whole number from 1 to 4096, received 4097'],
    ['training.batch', undefined, 'training.batch: missing'],
    ['training.epoch', 5, 'training.epoch: unknown field; check its spelling'],
    ['training.keep', { metric: 'val_auc' }, 'training.keep'],
    [
      'training.earlyStopping',
      { metric: 'auc', patience: 1 },
      'training.earlyStopping.metric: expected one of "loss"',
    ],
    ['training.optimiser', { type: 'adamw' }, 'training.optimiser.weightDecay: missing'],
    ['training.optimiser.type', 'rmsprop', 'training.optimiser.type: expected'],
    ['augmentation.zoom', 1, 'augmentation.zoom: expected a number from 0 to below 1, received 1'],
    [
      'augmentation.rotation',
      Number.NaN,
      'augmentation.rotation: expected degrees from 0 to 180, received NaN',
    ],
    ['preprocessing.offset', [0, 1], 'preprocessing.offset: expected 0 or three numbers'],
    ['preprocessing.fit', 'crop', 'preprocessing.fit: expected'],
    [
      'preprocessing.height',
      80,
      'network.input.height: expected 80, as preprocessing.height has it, received 64',
    ],
    ['network.layers.0', 'conv', 'network.layers.0: expected an object with a type, received "conv"'],
    ['network.layers.0', { type: 'convolutional' }, 'network: '],
    ['network.layers.0.filters', 0, 'network: '],
    [
      'network.layers',
      [{ type: 'flatten' }],
      'network.layers: expected a last layer of shape [1], the logit, received [12288]',
    ],
    ['training.calibration', 'isotonic', 'training.calibration: expected "temperature", received "isotonic"'],
    ['training.colours', 1, 'training.colours: expected a number above 0 and below 1, received 1'],
    ['training.hardNegativeWeight', 0, 'training.hardNegativeWeight: expected a number above 0, received 0'],
    ['training.outlier', 1, 'training.outlier: expected true or false, received 1'],
    ['network.layers', [], 'network.layers: expected at least one layer, received []'],
    ['name', '../x', 'name: expected a name of at most 64'],
    ['augmentation', undefined, 'augmentation: missing'],
  ])('%s = %j', (path, value, message) => {
    expect(messageOf(withField(path, value))).toContain(message);
  });

  test.each([
    [
      { calibration: 'temperature' },
      [{ type: 'dense', units: 1, bias: false }],
      'received dense without a bias',
    ],
    [{ outlier: true }, [{ type: 'dense', units: 1 }, { type: 'relu' }], 'received relu'],
    [
      { colours: 0.3 },
      [{ type: 'dense', units: 1 }, { type: 'relu' }],
      'training.colours needs, received relu',
    ],
  ])('%j needs a dense last layer with a bias', (settings, last, message) => {
    const recipe = structuredClone(RECIPES['demo']) as unknown as {
      training: object;
      network: { layers: object[] };
    };
    recipe.network.layers.splice(-1, 1, ...last);
    Object.assign(recipe.training, settings);
    expect(messageOf(recipe)).toContain('expected a dense last layer with a bias');
    expect(messageOf(recipe)).toContain(message);
  });

  test('colours need black to be 0', () => {
    const recipe = structuredClone(RECIPES['demo']);
    const preprocessing = { ...recipe.preprocessing, offset: [-0.5, -0.5, -0.5] };
    expect(messageOf({ ...recipe, preprocessing, training: { ...recipe.training, colours: 0.3 } })).toContain(
      'preprocessing.offset: expected 0, as training.colours needs',
    );
  });

  test('an outlier score is of 1024 features at most', () => {
    const recipe = structuredClone(RECIPES['demo']) as unknown as {
      training: object;
      network: { layers: object[] };
    };
    recipe.network.layers.splice(
      1,
      recipe.network.layers.length,
      { type: 'flatten' },
      { type: 'dense', units: 1 },
    );
    Object.assign(recipe.training, { outlier: true });
    expect(messageOf(recipe)).toContain('at most 1024 values, as training.outlier needs');
  });

  test('a model that abstains sees images that the network which tells platelets can see, too', () => {
    const sized = (side: number) => {
      const recipe = structuredClone(RECIPES['demo']) as unknown as Record<string, object> & {
        network: { input: object };
      };
      Object.assign(recipe.training, { outlier: true });
      Object.assign(recipe.preprocessing, { height: side, width: side });
      Object.assign(recipe.network.input, { height: side, width: side });
      return recipe;
    };
    expect(() => validateRecipe(sized(448))).not.toThrow();
    expect(messageOf(sized(449))).toContain(
      'at most 200704 pixels, as training.outlier needs, received 449 x 449',
    );
    const graph = resolve(plateletNetwork({ height: 448, width: 448 }));
    expect(tooLarge(graph)).toBeUndefined();
  });

  test('a network whose model file could not be read again is refused before it is trained', () => {
    const withUnits = (units: number) => {
      const recipe = structuredClone(RECIPES['seed']) as unknown as { network: { layers: object[] } };
      recipe.network.layers.splice(
        0,
        recipe.network.layers.length,
        ...[{ type: 'flatten' }, { type: 'dense', units }, { type: 'dense', units: 1 }],
      );
      return recipe;
    };
    // 150 x 150 x 3 inputs: 222 units have 67,500 x 222 + 222 + 223 = 14,985,445 parameters.
    expect(() => validateRecipe(withUnits(222))).not.toThrow();
    expect(messageOf(withUnits(223))).toContain(
      'network: expected at most 15000000 parameters, as model files may have, received 15052947',
    );
  });

  test('several mistakes are all named', () => {
    const recipe = withField('training.batch', 0) as { name: unknown };
    recipe.name = 7;
    const message = messageOf(recipe);
    expect(message).toContain('the recipe has 2 mistakes');
    expect(message).toContain('name: expected a name, received 7');
    expect(message).toContain('training.batch: expected a whole number from 1 to 4096, received 0');
  });

  test.each([[null], ['seed'], [[]], [undefined]])('%j is no recipe', (value) => {
    expect(messageOf(value)).toMatch(/^the recipe has (a|\d+) mistake/);
  });
});
