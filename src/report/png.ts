import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { fontFiles } from './fonts.ts';

/** Pixels for each unit of the drawing: sharp on dense screens and in print. */
const SCALE = 2;

let started: Promise<void> | undefined;

/** A PNG of a figure, with the shipped font, so that it is the same on every machine. */
export async function svgToPng(svg: string): Promise<Uint8Array> {
  started ??= readFile(createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm')).then(
    (bytes) => initWasm(bytes),
  );
  await started;
  const drawing = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: SCALE },
    font: { fontBuffers: fontFiles(), defaultFontFamily: 'Arimo', sansSerifFamily: 'Arimo' },
  });
  const image = drawing.render();
  const png = image.asPng();
  image.free();
  drawing.free();
  return png;
}
