import { drawDecoys } from './draw-decoys.ts';
import { drawOutline } from './draw-outline.ts';
import { BLOCK, cropped, painter, type Surface } from './draw-paint.ts';
import { drawParasite } from './draw-parasite.ts';
import { type Draws, drawsOf } from './draw-random.ts';
import type { CellImage } from './image.ts';

/** A drawn, labelled cell. `name` is formed as those of the NIH set, so that slide and patient can be read from it. */
export interface DrawnCell {
  readonly name: string;
  readonly label: 'parasitized' | 'uninfected';
  readonly patient: string;
  readonly image: CellImage;
}

/** What all cells of one patient's slide have in common. */
interface Slide extends Surface {
  readonly radius: number;
  /** Share of cells with something on them that is no parasite. */
  readonly dirt: number;
  readonly infected: boolean;
  readonly name: string;
  readonly patient: string;
}

/** Colours of stained cells in the light of different microscopes: centres of eight clusters of the 201 slides of the NIH set, common ones twice. */
const STAINS = [
  [208, 142, 151],
  [190, 144, 146],
  [180, 171, 184],
  [168, 161, 180],
  [183, 112, 147],
  [199, 153, 153],
  [211, 157, 151],
  [151, 141, 175],
  [180, 171, 184],
  [168, 161, 180],
  [199, 153, 153],
  [211, 157, 151],
] as const;
const CELLS_A_PATIENT = 15;
const LEAST_PATIENTS = 8;

/**
 * Draws labelled cells of a Giemsa-stained thin smear, cut out on black, about half of them parasitized: ring forms, trophozoites and
 * schizonts, with specks of stain, platelets and dirt as decoys on cells of both labels. One patient in four is healthy, with
 * uninfected cells only; two in three cells of the others are parasitized. Every patient has a stain, a light, a cell size
 * and a dirtiness of its own; sizes, colours and shading are near those of the NIH set. Neither size nor mean colour nor
 * the number of dark spots tells the labels apart.
 *
 * The same count and seed give the same bytes on every machine (only + - * / and square roots are used). For tests, teaching and
 * trying things out: what a model reaches on drawn cells says nothing of real ones.
 *
 * @param count number of cells, about 15 a patient, at least 8 patients
 * @param seed whole number
 */
export function drawCells({ count, seed }: { count: number; seed: number }): DrawnCell[] {
  const patients = Math.max(LEAST_PATIENTS, Math.round(count / CELLS_A_PATIENT));
  return Array.from({ length: count }, (_, i) => drawCellAt(seed, patients, i));
}

/** Cell `i` of those that `drawCells` deals out among so many patients. */
export function drawCellAt(seed: number, patients: number, i: number): DrawnCell {
  const slide = drawSlide(drawsOf(seed, 1, i % patients), i % patients);
  const number = Math.floor(i / patients) + 1;
  const parasitized = slide.infected && number % 3 !== 0;
  return {
    name: `${slide.name}_IMG_1_cell_${number}.png`,
    label: parasitized ? 'parasitized' : 'uninfected',
    patient: slide.patient,
    image: drawCell(drawsOf(seed, 2, i), slide, parasitized),
  };
}

function drawSlide(draws: Draws, index: number): Slide {
  const infected = index % 4 !== 3;
  const colour = STAINS[draws.whole(0, STAINS.length - 1)];
  const light = draws.between(0.95, 1.04);
  const tint = () => light * draws.between(0.97, 1.03);
  return {
    infected,
    name: infected ? `C${index + 1}P${index + 1}drawn` : `C${index + 1}drawn`,
    patient: infected ? `P${index + 1}` : `C${index + 1}`,
    colour: [colour[0] * tint(), colour[1] * tint(), colour[2] * tint()],
    radius: draws.between(53, 69),
    pallor: draws.chance(0.3) ? draws.between(0.08, 0.2) : draws.between(0, 0.05),
    rim: draws.between(0.03, 0.2),
    dirt: draws.between(0.3, 0.7),
  };
}

function drawCell(draws: Draws, slide: Slide, parasitized: boolean): CellImage {
  const radius = slide.radius * draws.between(0.85, 1.15);
  const outline = drawOutline(draws, radius);
  const bodies = draws.chance(slide.dirt) ? drawDecoys(draws, radius) : [];
  if (parasitized) bodies.push(...drawParasite(draws, radius));
  if (parasitized && draws.chance(0.15)) bodies.push(...drawParasite(draws, radius));
  const half = Math.ceil((1.5 * radius) / BLOCK) * BLOCK;
  return cropped(half, outline, painter(draws, slide, radius, bodies));
}
