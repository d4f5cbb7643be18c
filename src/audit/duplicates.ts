import type { CellFacts } from './cell-facts.ts';
import { isNear } from './thumbnail.ts';

/** Cells that show the same picture. */
export interface DuplicateGroup {
  /** Paths within it, in the order of the data set. */
  readonly cells: readonly string[];
  readonly acrossLabels: boolean;
  /** Of known patients. */
  readonly acrossPatients: boolean;
  /** Of the split, where one is given. */
  readonly acrossParts: boolean;
}

export interface Duplicates {
  /** The same file, byte for byte. */
  readonly sameBytes: readonly DuplicateGroup[];
  /** The same pixels in files that differ. */
  readonly samePixels: readonly DuplicateGroup[];
  /** Nearly the same picture: saved again, made smaller or larger, turned or mirrored. */
  readonly nearlySame: readonly DuplicateGroup[];
}

/**
 * Two cells are nearly the same when the mean red, green and blue of their images, and their thumbnails in the mean, differ by at
 * most so many levels of 255. No two cells of the NIH set do; the most alike there, of those of one colour, have thumbnails that
 * differ by 3.9. A cell saved as a JPEG of quality 50 is within 1.4 of itself, one made half as large within 2.2 for 95 of 100.
 */
const TOLERANCE = 2.5;

/** @param partOf the part of a split that a cell is in, where there is one */
export function findDuplicates(
  facts: readonly CellFacts[],
  partOf: (facts: CellFacts) => string | undefined,
): Duplicates {
  const describe = (group: readonly CellFacts[]) => describeGroup(group, partOf);
  const byBytes = groupsBy(facts, ({ bytes }) => bytes);
  const byPixels = groupsBy(facts, ({ pixels }) => pixels);
  return {
    sameBytes: byBytes.map(describe),
    samePixels: byPixels.filter((group) => differ(group, ({ bytes }) => bytes)).map(describe),
    nearlySame: nearGroups(facts)
      .filter((group) => differ(group, ({ pixels }) => pixels))
      .map(describe),
  };
}

function groupsBy(
  facts: readonly CellFacts[],
  keyOf: (facts: CellFacts, i: number) => string,
): CellFacts[][] {
  const groups = new Map<string, CellFacts[]>();
  for (const [i, one] of facts.entries()) {
    const key = keyOf(one, i);
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return [...groups.values()].filter(({ length }) => length > 1);
}

function describeGroup(
  group: readonly CellFacts[],
  partOf: (facts: CellFacts) => string | undefined,
): DuplicateGroup {
  const known = group.filter(({ cell }) => cell.patient !== '');
  const inParts = group.filter((one) => partOf(one) !== undefined);
  return {
    cells: group.map(({ path }) => path),
    acrossLabels: differ(group, ({ cell }) => cell.label),
    acrossPatients: differ(known, ({ cell }) => cell.patient),
    acrossParts: differ(inParts, (one) => partOf(one) ?? ''),
  };
}

function differ(group: readonly CellFacts[], key: (facts: CellFacts) => string): boolean {
  return group.some((one) => key(one) !== key(group[0]));
}

/** Cells linked by near pairs. In order of mean green, a cell is compared only with the few next ones. */
function nearGroups(facts: readonly CellFacts[]): CellFacts[][] {
  const order = [...facts.keys()].sort((a, b) => facts[a].colour[1] - facts[b].colour[1] || a - b);
  const first = [...facts.keys()];
  const rootOf = (i: number): number => {
    let root = i;
    while (first[root] !== root) root = first[root];
    return root;
  };
  for (const [place, i] of order.entries()) {
    for (let next = place + 1; next < order.length; next++) {
      const j = order[next];
      if (facts[j].colour[1] - facts[i].colour[1] > TOLERANCE) break;
      if (Math.abs(facts[j].colour[0] - facts[i].colour[0]) > TOLERANCE) continue;
      if (Math.abs(facts[j].colour[2] - facts[i].colour[2]) > TOLERANCE) continue;
      if (!isNear(facts[i].thumbnail, facts[j].thumbnail, TOLERANCE)) continue;
      const [a, b] = [rootOf(i), rootOf(j)];
      first[Math.max(a, b)] = Math.min(a, b);
    }
  }
  return groupsBy(facts, (_, i) => String(rootOf(i)));
}
