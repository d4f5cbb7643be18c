import { base64Encode } from '@bufbuild/protobuf/wire';
import { escape as escaped } from 'html-escaper';
import { encodePng } from '../cells/encode.ts';
import type { CellImage } from '../cells/image.ts';
import { type Figure, frame, moved, wrap } from './frame.ts';
import { share } from './numbers.ts';
import { COLOURS, FIGURE_WIDTH, FONT_SIZE } from './theme.ts';

export interface HeatMapData {
  /** Name of the image. */
  readonly file: string;
  readonly image: CellImage;
  readonly label: 'parasitized' | 'uninfected' | 'indeterminate';
  /** Of parasitized. */
  readonly probability: number;
  readonly threshold: number;
  /** Fall of the log-odds for each pixel, see `HeatMap` of the model. */
  readonly evidence: Float32Array;
  /** The strongest first. */
  readonly peaks: readonly { readonly x: number; readonly y: number; readonly evidence: number }[];
}

/**
 * The colours are the same for every cell: were each stretched to its own range, the noise of a clean cell would look like
 * a parasite. This much evidence and more has the last colour.
 */
const MOST = 4;
/** Below this a place has the cell's own grey. */
const LEAST = 0.25;

/** Yellow and vermillion of Okabe and Ito on a grey cell: brightness and saturation carry it, whatever one's colour vision. */
const WEAK = [240, 228, 66] as const;
const STRONG = [213, 94, 0] as const;

const MARGIN = 14;
const GAP = 16;
const SIDE = (FIGURE_WIDTH - 2 * MARGIN - GAP) / 2;
const LINE = 18;
const BAR = { top: SIDE + 66, height: 14 };

/** A cell, and beside it the same cell in grey with the evidence for parasitized in colour, marked where it is strongest. */
export function heatMapFigure(data: HeatMapData): Figure {
  const { file, label, probability, threshold, peaks } = data;
  const called = `${file}: ${label}, probability of parasitized ${share(probability)}, threshold ${share(threshold)}.`;
  const strongest =
    peaks.length === 0
      ? 'No place speaks for parasitized.'
      : `The most evidence, ${peaks[0].evidence.toFixed(1)}, lies at x ${peaks[0].x.toFixed(0)}, y ${peaks[0].y.toFixed(0)} of ${data.image.width} by ${data.image.height} pixels.`;
  const explained = [
    `How much the log-odds of parasitized fall when a place is painted over with the cell's own colour: a fall of 3 takes a probability of 0.95 to 0.49. ${strongest}`,
    'It shows what this network went by, which need not be a parasite. Research use only, not for diagnosis.',
  ].flatMap((text) => wrap(text, FONT_SIZE.small, FIGURE_WIDTH - 2 * MARGIN));
  return frame({
    name: 'heat-map',
    title: 'Where the evidence for parasitized is',
    subtitle: called,
    text: `${called} ${strongest}`,
    height: BAR.top + BAR.height + 32 + explained.length * LINE + MARGIN,
    content: [
      panel('The cell', data.image, MARGIN),
      panel('Evidence', overlay(data), MARGIN + SIDE + GAP, peakMarks(data)),
      colourBar(),
      ...explained.map((line, i) => {
        const y = BAR.top + BAR.height + 46 + i * LINE;
        return `<text x="${MARGIN}" y="${y}" font-size="${FONT_SIZE.small}" fill="${COLOURS.muted}">${escaped(line)}</text>`;
      }),
    ].join('\n'),
  });
}

function panel(title: string, image: CellImage, x: number, marks = ''): string {
  const href = `data:image/png;base64,${base64Encode(encodePng(image))}`;
  return moved(
    [
      `<text y="20" font-weight="700">${title}</text>`,
      `<rect y="30" width="${SIDE}" height="${SIDE}" fill="#000"/>`,
      `<image y="30" width="${SIDE}" height="${SIDE}" preserveAspectRatio="xMidYMid meet" href="${href}"/>`,
      marks,
    ].join(''),
    x,
    0,
  );
}

/** The cell in grey with the colours of its evidence. */
function overlay({ image, evidence }: HeatMapData): CellImage {
  const data = new Uint8Array(image.data.length);
  for (let i = 0; i < evidence.length; i++) {
    const [red, green, blue] = image.data.subarray(3 * i, 3 * i + 3);
    // Luma of ITU-R BT.601, as in JPEG.
    const grey = 0.299 * red + 0.587 * green + 0.114 * blue;
    const { colour, opacity } = colourOf(evidence[i]);
    for (let c = 0; c < 3; c++) data[3 * i + c] = Math.round(grey + (colour[c] - grey) * opacity);
  }
  return { width: image.width, height: image.height, data };
}

function colourOf(evidence: number): { colour: readonly number[]; opacity: number } {
  const t = Math.max(0, Math.min(1, (evidence - LEAST) / (MOST - LEAST)));
  return {
    colour: WEAK.map((value, c) => value + (STRONG[c] - value) * t),
    opacity: Math.min(0.8, 3 * t),
  };
}

/** A cross with a light rim on each peak, so that it shows on any colour. */
function peakMarks({ image, peaks }: HeatMapData): string {
  const scale = SIDE / Math.max(image.width, image.height);
  const left = (SIDE - image.width * scale) / 2;
  const top = 30 + (SIDE - image.height * scale) / 2;
  return peaks
    .filter(({ evidence }) => evidence >= LEAST)
    .map(({ x, y }) => {
      const [cx, cy] = [left + x * scale, top + y * scale].map((value) => Number(value.toFixed(2)));
      const path = `M${cx - 6},${cy}H${cx + 6}M${cx},${cy - 6}V${cy + 6}`;
      return `<path d="${path}" stroke="#fff" stroke-width="4"/><path d="${path}" stroke="${COLOURS.ink}" stroke-width="1.5"/>`;
    })
    .join('');
}

/** The colours over a mid grey, with their numbers. */
function colourBar(): string {
  const width = FIGURE_WIDTH - 2 * MARGIN;
  const stops = Array.from({ length: 17 }, (_, i) => {
    const { colour, opacity } = colourOf((MOST * i) / 16);
    const rgb = colour.map((value) => Math.round(170 + (value - 170) * opacity));
    return `<stop offset="${i / 16}" stop-color="rgb(${rgb.join()})"/>`;
  });
  const ticks = Array.from({ length: MOST + 1 }, (_, i) => {
    const anchor = i === 0 ? 'start' : i === MOST ? 'end' : 'middle';
    return `<text x="${MARGIN + (width * i) / MOST}" y="${BAR.top + BAR.height + 17}" text-anchor="${anchor}" font-size="${FONT_SIZE.small}">${i === MOST ? `${i} or more` : i}</text>`;
  });
  return [
    `<linearGradient id="heat-map-colours">${stops.join('')}</linearGradient>`,
    `<text x="${MARGIN}" y="${BAR.top - 10}" font-size="${FONT_SIZE.small}">Evidence for parasitized (log-odds)</text>`,
    `<rect x="${MARGIN}" y="${BAR.top}" width="${width}" height="${BAR.height}" fill="url(#heat-map-colours)"/>`,
    ...ticks,
  ].join('');
}
