import { access, readFile } from 'node:fs/promises';
import { register } from 'node:module';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { GiemsaError } from '../cells/errors.ts';
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
  try {
    // A copy as a run keeps it: plain data.
    return JSON.parse(JSON.stringify(validateRecipe(value)));
  } catch (error) {
    if (!(error instanceof GiemsaError)) throw error;
    throw new GiemsaError(error.code, `${nameOrPath}: ${error.message}`, { cause: error });
  }
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
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function importDefault(path: string): Promise<unknown> {
  let module: { default?: unknown };
  try {
    // A missing file and a missing import of it give the same error below.
    await access(path);
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
  const { code, message } = error as NodeJS.ErrnoException;
  const reason = code === 'ENOENT' ? 'there is no such file' : message || String(error);
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
