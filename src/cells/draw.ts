import { bodyAt, drawDecoys, drawParasite } from './draw-bodies.ts';
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
  /** How much paler the middle is. */
  readonly pallor: number;
  readonly infected: boolean;
  readonly name: string;
  readonly patient: string;
}

/** Colours of stained cells in the light of different microscopes: salmon, rose, grey-pink, lilac, blue-grey. */
const stains = [
  [212, 158, 148],
  [208, 140, 145],
  [190, 160, 165],
  [172, 158, 196],
  [176, 178, 196],
] as const;
/** The outline is one value for blocks of pixels, as the segmentation of the NIH set was. */
const block = 4;

/**
 * Draws labelled cells of a Giemsa-stained thin smear, about half of them parasitized: discs with central pallor on black, ring
 * forms, trophozoites and schizonts, with specks and platelets as decoys. About one patient in four is healthy, with
 * uninfected cells only; every patient has a stain, a light and a cell size of its own. The same count and seed give the
 * same bytes on every machine (only + - * / and square roots are used).
 *
 * @param count number of cells, 20 to 30 a patient, at least 8 patients
 * @param seed whole number
 */
export function drawCells({ count, seed }: { count: number; seed: number }): DrawnCell[] {
  const patients = Math.max(8, Math.round(count / 25));
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
  const colour = stains[draws.whole(0, stains.length - 1)];
  const light = draws.between(0.92, 1.06);
  return {
    infected,
    name: infected ? `C${index + 1}P${index + 1}drawn` : `C${index + 1}drawn`,
    patient: infected ? `P${index + 1}` : `C${index + 1}`,
    colour: [
      colour[0] * light * draws.between(0.95, 1.05),
      colour[1] * light * draws.between(0.95, 1.05),
      colour[2] * light * draws.between(0.95, 1.05),
    ],
    radius: draws.between(50, 66),
    pallor: draws.between(0.02, 0.12),
  };
}

function drawCell(draws: Draws, slide: Slide, parasitized: boolean): CellImage {
  const radius = slide.radius * draws.between(0.88, 1.12);
  const outline = drawOutline(draws, radius);
  const bodies = parasitized ? drawParasite(draws, radius) : [];
  if (parasitized && draws.chance(0.12)) bodies.push(...drawParasite(draws, radius));
  bodies.push(...drawDecoys(draws, radius));
  const seed = draws.whole(0, 2 ** 31 - 1);
  const shade = draws.between(0.95, 1.05);
  const [lightX, lightY] = draws.direction();
  const half = Math.ceil((1.4 * radius) / block) * block;
  return cropped(half, outline, (x, y, depth, rgb) => {
    const toEdge = 1 - depth;
    const pale = slide.pallor * smooth((0.75 - toEdge) / 0.6) - 0.05 * smooth((toEdge - 0.5) / 0.4);
    const rim = 0.14 * smooth((toEdge - 0.93) / 0.07);
    const slope = (0.03 * (x * lightX + y * lightY)) / radius;
    const texture = 0.025 * noise(seed, x, y, 14) + 0.012 * noise(seed, x, y, 4);
    const level = shade * (1 + pale + rim + slope + texture);
    for (let c = 0; c < 3; c++) rgb[c] = slide.colour[c] * level;
    for (const body of bodies) {
      const dense = body.density * bodyAt(body, x, y);
      if (dense !== 0) for (let c = 0; c < 3; c++) rgb[c] *= 1 - dense * body.stain[c];
    }
    const grain = 6 * (hash(seed, x, y) - 0.5);
    for (let c = 0; c < 3; c++) rgb[c] += grain;
  });
}

/** An outline as a function of the place: 1 at the centre, 0 on the edge, negative outside. */
type Outline = (x: number, y: number) => number;

/** A circle with waves of two to six around it: an ellipse, corners, dents. */
function drawOutline(draws: Draws, radius: number): Outline {
  const irregular = draws.between(0.2, 1);
  const waves = [0.09, 0.035, 0.02, 0.012, 0.008].map((size) => {
    const [c, s] = draws.direction();
    return [irregular * size * c, irregular * size * s];
  });
  return (x, y) => {
    const r = Math.sqrt(x * x + y * y);
    if (r === 0) return 1;
    // Cosine and sine of multiples of the angle are powers of the complex number (c + is).
    const c = x / r;
    const s = y / r;
    let re = c;
    let im = s;
    let edge = 1;
    for (const [a, b] of waves) {
      [re, im] = [re * c - im * s, re * s + im * c];
      edge += a * re + b * im;
    }
    return 1 - r / (radius * edge);
  };
}

/** Sets the colour of the pixel at x, y, so far below the edge (see Outline). */
type Paint = (x: number, y: number, depth: number, rgb: Float64Array) => void;

/** Paints what lies within the outline, by blocks, and cuts the image to it. */
function cropped(half: number, outline: Outline, paint: Paint): CellImage {
  const inside: [number, number][] = [];
  for (let y = -half; y < half; y += block) {
    for (let x = -half; x < half; x += block) {
      if (outline(x + block / 2, y + block / 2) > 0) inside.push([x, y]);
    }
  }
  const left = Math.min(...inside.map(([x]) => x));
  const top = Math.min(...inside.map(([, y]) => y));
  const width = Math.max(...inside.map(([x]) => x)) + block - left;
  const height = Math.max(...inside.map(([, y]) => y)) + block - top;
  const data = new Uint8Array(3 * width * height);
  const rgb = new Float64Array(3);
  for (const [blockX, blockY] of inside) {
    for (let i = 0; i < block * block; i++) {
      const x = blockX + (i % block);
      const y = blockY + Math.floor(i / block);
      paint(x, y, Math.max(0, outline(x, y)), rgb);
      const at = 3 * ((y - top) * width + x - left);
      for (let c = 0; c < 3; c++) data[at + c] = Math.max(0, Math.min(255, Math.round(rgb[c])));
    }
  }
  return { width, height, data };
}
