import { type Body, bodyAt } from './draw-bodies.ts';
import { drawDecoys } from './draw-decoys.ts';
import { drawOutline, type Outline } from './draw-outline.ts';
import { drawParasite } from './draw-parasite.ts';
import { type Draws, drawsOf, hash, noise, smooth } from './draw-random.ts';
import type { CellImage } from './image.ts';

/** A drawn, labelled cell. `name` is formed as those of the NIH set, so that slide and patient can be read from it. */
export interface DrawnCell {
  readonly name: string;
  readonly label: 'parasitized' | 'uninfected';
  readonly patient: string;
  readonly image: CellImage;
}

/** What all cells of one patient's slide have in common. */
interface Slide {
  readonly colour: readonly [number, number, number];
  readonly radius: number;
  /** How much paler the middle and the edge are. */
  readonly pallor: number;
  readonly rim: number;
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
/** Where a cell is paler, by red, green and blue. */
const PALER = [0.65, 1, 0.42] as const;
/** The outline is one value for blocks of pixels, as the segmentation of the NIH set was. */
const BLOCK = 4;
/** How far, in pixels, bodies are bent out of shape. */
const BEND = 2.5;
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
  const slides = Array.from({ length: patients }, (_, i) => drawSlide(drawsOf(seed, 1, i), i));
  return Array.from({ length: count }, (_, i) => {
    const slide = slides[i % patients];
    const number = Math.floor(i / patients) + 1;
    const parasitized = slide.infected && number % 3 !== 0;
    return {
      name: `${slide.name}_IMG_1_cell_${number}.png`,
      label: parasitized ? 'parasitized' : 'uninfected',
      patient: slide.patient,
      image: drawCell(drawsOf(seed, 2, i), slide, parasitized),
    };
  });
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

/** Sets the colour of the pixel at x, y, so far below the edge (see Outline). */
type Paint = (x: number, y: number, depth: number, rgb: Float64Array) => void;

function painter(draws: Draws, slide: Slide, radius: number, bodies: readonly Body[]): Paint {
  const seed = draws.whole(0, 2 ** 31 - 1);
  const shade = draws.between(0.96, 1.04);
  const pallor = slide.pallor * draws.between(0.5, 1.3);
  const [paleX, paleY] = draws.direction().map((c) => c * draws.between(0, 0.2));
  const [lightX, lightY] = draws.direction();
  return (x, y, depth, rgb) => {
    const toEdge = 1 - depth;
    const dx = x / radius - paleX;
    const dy = y / radius - paleY;
    const pale =
      pallor * smooth((0.6 - Math.sqrt(dx * dx + dy * dy)) / 0.5) +
      slide.rim * smooth((toEdge - 0.86) / 0.16) -
      0.025 * smooth((toEdge - 0.3) / 0.35);
    const slope = (0.02 * (x * lightX + y * lightY)) / radius;
    const level = shade * (1 + slope + 0.02 * noise(seed, x, y, 12));
    for (let c = 0; c < 3; c++) rgb[c] = slide.colour[c] * level * (1 + pale * PALER[c]);
    if (bodies.some((body) => isNear(body, x, y))) {
      // Bent coordinates, so that no body is a perfect ellipse.
      const bentX = x + BEND * noise(seed ^ 1, x, y, 7);
      const bentY = y + BEND * noise(seed ^ 2, x, y, 7);
      for (const body of bodies) {
        const dense = body.density * bodyAt(body, bentX, bentY);
        if (dense !== 0) for (let c = 0; c < 3; c++) rgb[c] *= 1 - dense * body.stain[c];
      }
    }
    const grain = 3 * (hash(seed, x, y) - 0.5);
    for (let c = 0; c < 3; c++) rgb[c] += grain;
  };
}

function isNear(body: Body, x: number, y: number): boolean {
  const reach = 2 * body.along + 2 * BEND;
  return Math.abs(x - body.x) < reach && Math.abs(y - body.y) < reach;
}

/** Paints what lies within the outline, by blocks, and cuts the image to it. */
function cropped(half: number, outline: Outline, paint: Paint): CellImage {
  const inside: [number, number][] = [];
  for (let y = -half; y < half; y += BLOCK) {
    for (let x = -half; x < half; x += BLOCK) {
      if (outline.cut(x + BLOCK / 2, y + BLOCK / 2) > 0) inside.push([x, y]);
    }
  }
  const left = Math.min(...inside.map(([x]) => x));
  const top = Math.min(...inside.map(([, y]) => y));
  const width = Math.max(...inside.map(([x]) => x)) + BLOCK - left;
  const height = Math.max(...inside.map(([, y]) => y)) + BLOCK - top;
  const data = new Uint8Array(3 * width * height);
  const rgb = new Float64Array(3);
  for (const [blockX, blockY] of inside) {
    for (let i = 0; i < BLOCK * BLOCK; i++) {
      const x = blockX + (i % BLOCK);
      const y = blockY + Math.floor(i / BLOCK);
      paint(x, y, Math.max(0, outline.depth(x, y)), rgb);
      const at = 3 * ((y - top) * width + x - left);
      for (let c = 0; c < 3; c++) data[at + c] = Math.max(0, Math.min(255, Math.round(rgb[c])));
    }
  }
  return { width, height, data };
}
