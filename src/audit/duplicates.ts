import type { CellFacts } from './cell-facts.ts';
import { difference } from './thumbnail.ts';

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
 * Most mean difference, in levels of 255, of two thumbnails that count as the same picture. TODO measured
 */
export const TOLERANCE = 3;
/** The same of their mean colours, channel by channel. */
const COLOUR_TOLERANCE = 3;

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

/**
 * Cells linked by near pairs. Sorted by mean green, a cell is compared only with those within the tolerance of colour, which is
 * the same however a picture is turned: of the 380 million pairs of 27,558 cells, a few million are left.
 */
function nearGroups(facts: readonly CellFacts[]): CellFacts[][] {
  const order = [...facts.keys()].sort(
    (a, b) => facts[a].thumbnail.colour[1] - facts[b].thumbnail.colour[1] || a - b,
  );
  const first = [...facts.keys()];
  const rootOf = (i: number): number => {
    while (first[i] !== i) i = first[i] = first[first[i]];
    return i;
  };
  for (const [place, i] of order.entries()) {
    const own = facts[i].thumbnail;
    for (let next = place + 1; next < order.length; next++) {
      const other = facts[order[next]].thumbnail;
      if (other.colour[1] - own.colour[1] > COLOUR_TOLERANCE) break;
      if (Math.abs(other.colour[0] - own.colour[0]) > COLOUR_TOLERANCE) continue;
      if (Math.abs(other.colour[2] - own.colour[2]) > COLOUR_TOLERANCE) continue;
      if (difference(own.levels, other.levels, TOLERANCE) > TOLERANCE) continue;
      const [a, b] = [rootOf(i), rootOf(order[next])];
      first[Math.max(a, b)] = Math.min(a, b);
    }
  }
  return groupsBy(facts, (_, i) => String(rootOf(i)));
}
