import { standard } from './default.ts';
import { demo } from './demo.ts';
import type { Recipe } from './recipe.ts';
import { seed } from './seed.ts';

export { validateRecipe } from './validate.ts';

/** The recipes that come with the package, by name. */
export const RECIPES: Readonly<Record<string, Recipe>> = { seed, default: standard, demo };

/** One of the package's recipes, or undefined. */
export function recipeByName(name: string): Recipe | undefined {
  return Object.hasOwn(RECIPES, name) ? RECIPES[name] : undefined;
}
