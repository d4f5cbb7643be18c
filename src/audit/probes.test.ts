import { describe, expect, it } from 'vitest';
import type { Cell, Label } from '../dataset/cell.ts';
import { random } from '../recipes/random.ts';
import type { CellFacts } from './cell-facts.ts';
import { PROBE_NAMES, runProbes } from './probes.ts';

interface Made {
  readonly label: Label;
  readonly patient: string;
  readonly side?: number;
  readonly green?: number;
}

const made = (cells: readonly Made[]): CellFacts[] =>
  cells.map(({ label, patient, side = 100, green = 150 }, i) => ({
    cell: {
      name: `${i}.png`,
      path: `${i}.png`,
      label,
      patient,
      slide: '',
      read: async () => new Uint8Array(),
    } as Cell,
    path: `${i}.png`,
    width: side,
    height: side,
    colour: [200, green, 180],
    thumbnail: { levels: new Uint8Array(), orbits: new Uint16Array() },
    bytes: '',
    pixels: '',
  }));

/** Ten patients, the first half of the cells of each parasitized unless `share` says otherwise. */
const cellsOf = (
  own: (patient: number, i: number, label: Label) => Partial<Made>,
  share = (_: number) => 0.5,
) =>
  Array.from({ length: 10 }, (_, patient) =>
    Array.from({ length: 40 }, (_, i): Made => {
      const label = i < 40 * share(patient) ? 'parasitized' : 'uninfected';
      return { label, patient: `P${patient}`, ...own(patient, i, label) };
    }),
  ).flat();

const probed = (cells: readonly Made[], seed = 1) => {
  const probes = runProbes(made(cells), seed, () => {});
  return Object.fromEntries(
    probes.map(({ name, random: r, patientDisjoint }) => [name, [r, patientDisjoint]]),
  );
};

describe('shortcut probes', () => {
  it('find a size or a colour that goes with the label, and only that', () => {
    const bySize = probed(
      cellsOf((_, i, label) => ({ side: (label === 'parasitized' ? 130 : 100) + (i % 5) })),
    );
    for (const result of bySize['width and height']) expect(result?.rocAuc).toBe(1);
    for (const result of bySize['size and colour']) expect(result?.rocAuc).toBe(1);
    for (const result of bySize['mean colour']) expect(result?.rocAuc).toBe(0.5);
    const byColour = probed(
      cellsOf((_, i, label) => ({ green: (label === 'parasitized' ? 120 : 160) + (i % 5) })),
    );
    for (const result of byColour['mean colour']) expect(result?.rocAuc).toBe(1);
    for (const result of byColour['width and height']) expect(result?.rocAuc).toBe(0.5);
  });

  it('a colour of the patient says much by cell and nothing of new patients', () => {
    // Infected share .9 or .1, in no order of the colour that patients have.
    const draw = random(4);
    const greens = Array.from({ length: 10 }, () => 100 + Math.floor(100 * draw()));
    const results = probed(
      cellsOf(
        (patient) => ({ green: greens[patient] }),
        (patient) => (patient % 2 ? 0.9 : 0.1),
      ),
    );
    const [byCell, byPatient] = results['mean colour'];
    expect(byCell?.rocAuc).toBeGreaterThan(0.8);
    expect(byPatient?.rocAuc).toBeLessThan(0.7);
  });

  it('the patient alone is the share of infected cells where it was seen, and nothing where it was not', () => {
    const [byCell, byPatient] = probed(
      cellsOf(
        () => ({}),
        (patient) => (patient % 2 ? 0.75 : 0.25),
      ),
    )['patient alone'];
    // By hand: a parasitized cell is of a patient with share .75 three times in four; (.75² + 2 * .75 * .25 / 2).
    expect(byCell?.rocAuc).toBeGreaterThan(0.7);
    expect(byCell?.rocAuc).toBeLessThan(0.8);
    expect(byPatient?.rocAuc).toBe(0.5);
    expect(byPatient?.folds).toHaveLength(5);
  });

  it('the same seed gives the same figures', () => {
    const cells = cellsOf((patient, i) => ({ green: 100 + ((patient * 31 + i * 17) % 50) }));
    expect(probed(cells, 3)).toEqual(probed(cells, 3));
    expect(probed(cells, 3)).not.toEqual(probed(cells, 4));
  });

  it('are not tried where they cannot be: one label, unknown patients, too few infected ones', () => {
    const results = (cells: readonly Made[]) =>
      PROBE_NAMES.map((name) => probed(cells)[name].map((r) => r !== null));
    expect(
      results(
        cellsOf(
          () => ({}),
          () => 1,
        ),
      ).flat(),
    ).not.toContain(true);
    expect(results(cellsOf(() => ({ patient: '' })))).toEqual([
      [true, false],
      [true, false],
      [true, false],
      [false, false],
    ]);
    const four = cellsOf(() => ({})).filter(({ patient }) => patient < 'P4');
    expect(results(four)).toEqual([
      [true, false],
      [true, false],
      [true, false],
      [true, false],
    ]);
    expect(results([])).toEqual([
      [false, false],
      [false, false],
      [false, false],
      [false, false],
    ]);
  });
});
