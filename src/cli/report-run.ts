import { writeFileWhole } from '../dataset/write-file.ts';
import type { Baseline } from '../report/baselines.ts';
import { modelCard } from '../report/model-card.ts';
import { modelCardText } from '../report/model-card-text.ts';
import { svgToPng } from '../report/png.ts';
import { runFigures } from '../report/run-figures.ts';
import { runReport } from '../report/run-report.ts';
import { formatJson } from './output.ts';
import { readStoredRun, reportPaths } from './run-evidence.ts';
import { type RunImagesOptions, readRunImages } from './run-images.ts';

export interface ReportOptions {
  /** Where the cells are, to be shown. */
  readonly data?: RunImagesOptions;
  /** What the reader must know before all else. */
  readonly warning?: string;
  readonly baselines?: readonly Baseline[];
}

export interface WrittenReport {
  readonly report: string;
  /** As Markdown and as JSON. */
  readonly cards: readonly string[];
  readonly figures: readonly string[];
}

/**
 * Writes report.html, the model card and figures/ into the folder of a finished run. Nothing is written before all of it is made.
 *
 * @throws GiemsaError that names the file which is missing or wrong, or cannot be written
 */
export async function writeRunReport(
  folder: string,
  { data, warning, baselines }: ReportOptions = {},
): Promise<WrittenReport> {
  const stored = await readStoredRun(folder);
  const images = data && (await readRunImages(stored, data));
  const evidence = { ...stored, kept: stored.run.kept?.epoch, images };
  const figures = runFigures(evidence);
  const html = runReport({ ...evidence, figures, warning, baselines });
  const paths = reportPaths(folder);
  const files: [path: string, content: string | Uint8Array][] = [];
  for (const { name, svg } of figures) {
    files.push([paths.figure(`${name}.svg`), svg], [paths.figure(`${name}.png`), await svgToPng(svg)]);
  }
  const card = modelCard({ ...stored, warning });
  const cards: [path: string, content: string][] = [
    [paths.cardText, modelCardText(card)],
    [paths.cardJson, formatJson(card)],
  ];
  for (const [path, content] of [...files, ...cards]) await writeFileWhole(path, content);
  await writeFileWhole(paths.report, html);
  return {
    report: paths.report,
    cards: cards.map(([path]) => path),
    figures: files.map(([path]) => path),
  };
}
