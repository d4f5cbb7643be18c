import { register } from 'node:module';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { GiemsaError, inFile } from '../cells/errors.ts';
import { readTextFile } from '../dataset/text-file.ts';
import { RECIPES, recipeByName, validateRecipe } from '../recipes/index.ts';
import type { Recipe } from '../recipes/recipe.ts';

/**
 * A recipe by name, or from a file by path: JSON, or a JavaScript or TypeScript module whose default export it is. A
 * module is run, as any program of the user's.
 *
 * @throws GiemsaError `unknown-recipe`, `unreadable-recipe`, `wrong-recipe`; each names the file
 */
export async function loadRecipe(nameOrPath: string): Promise<Recipe> {
  const recipe = recipeByName(nameOrPath);
  if (recipe !== undefined) return recipe;
  const value = await readRecipeFile(nameOrPath);
  // A copy as a run keeps it: plain data.
  return inFile(nameOrPath, () => JSON.parse(JSON.stringify(validateRecipe(value))));
}

async function readRecipeFile(path: string): Promise<unknown> {
  switch (extname(path).toLowerCase()) {
    case '.json':
      return readJson(path);
    case '.js':
    case '.mjs':
      return importDefault(path);
    case '.ts':
    case '.mts':
      stripTypes();
      return importDefault(path);
    default:
      throw new GiemsaError(
        'unknown-recipe',
        `there is no recipe ${JSON.stringify(path)}: give one of ${Object.keys(RECIPES).join(', ')}, or the path of a .json, .js or .ts file`,
      );
  }
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readTextFile(path));
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function importDefault(path: string): Promise<unknown> {
  let module: { default?: unknown };
  try {
    // What is missing, no file, or too large is told before Node tries to run it.
    await readTextFile(path);
    module = await import(pathToFileURL(resolve(path)).href);
  } catch (error) {
    throw unreadable(path, error);
  }
  if ('default' in module) return module.default;
  throw new GiemsaError(
    'unreadable-recipe',
    `${path} has no default export: end it with "export default recipe;"`,
  );
}

function unreadable(path: string, error: unknown): GiemsaError {
  if (error instanceof GiemsaError)
    return new GiemsaError('unreadable-recipe', error.message, { cause: error });
  const reason = error instanceof Error ? error.message : String(error);
  return new GiemsaError('unreadable-recipe', `cannot read the recipe ${path}: ${reason}`, { cause: error });
}

let stripping = false;

/** From here on, TypeScript modules can be imported: by Node itself where it can. */
function stripTypes(): void {
  const native = (process.features as { typescript?: unknown }).typescript;
  if (native || stripping) return;
  stripping = true;
  register(new URL('./typescript-loader.js', import.meta.url));
}
