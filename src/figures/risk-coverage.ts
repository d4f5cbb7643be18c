import { dot, lineY, ruleX } from '@observablehq/plot';
import type { RiskCoverage } from '../evaluation/risk-coverage.ts';
import { chart } from './chart.ts';
import { type Figure, frame, stack } from './frame.ts';
import { legend, SYMBOL_RADIUS } from './legend.ts';
import { percent } from './numbers.ts';
import { COLOURS } from './theme.ts';

export interface RiskCoverageData extends RiskCoverage {
  /** Share of the cells that the model calls, and the share of mistakes among those, where it abstains. */
  readonly called?: { readonly coverage: number; readonly risk: number } | undefined;
  readonly subtitle?: string | undefined;
}

const HEIGHT = 420;
/** Coverages below this are not drawn: the share of mistakes among so few cells says little. */
const FEW = 0.02;
/** Coverages that the text names. */
const NAMED = [1, 0.95, 0.9, 0.8];

/** The share of mistakes against the share of cells that is called, the surest first. */
export function riskCoverageFigure({ points, aurc, called, subtitle }: RiskCoverageData): Figure {
  // One mistake among the very surest cells is a risk of 1; it would flatten all the rest.
  const shown = points.filter(({ coverage }) => coverage >= FEW);
  const highest = shown.reduce((most, { risk }) => Math.max(most, risk), called?.risk ?? 0);
  // Cells as sure as one another are called together, so the least coverage may be a large one.
  const named = NAMED.flatMap((coverage) => {
    const point = points.findLast((at) => at.coverage <= coverage + 1e-12);
    return point ? [`${percent(point.risk)} at ${percent(coverage)}`] : [];
  });
  const abstains = called
    ? ` The model itself calls ${percent(called.coverage)} of the cells, ${percent(called.risk)} of them wrongly.`
    : '';
  return frame({
    name: 'risk-coverage',
    title: `Risk and coverage, area ${aurc.toFixed(4)}`,
    ...(subtitle === undefined ? {} : { subtitle }),
    text: `Share of mistakes among the cells whose probability is furthest from the threshold, in odds: ${named.join(', ')} of the cells.${abstains}`,
    ...stack([
      {
        height: HEIGHT,
        content: chart({
          height: HEIGHT,
          x: { domain: [0, 1], label: 'Coverage: share of cells called, the surest first' },
          y: {
            domain: [0, highest > 0 ? 1.1 * highest : 0.01],
            label: 'Risk: wrong calls in 100',
            tickFormat: (risk: number) => String(Number((100 * risk).toPrecision(3))),
          },
          marks: [
            lineY(shown, { x: 'coverage', y: 'risk', stroke: COLOURS.uninfected, strokeWidth: 2.5 }),
            called
              ? [
                  ruleX([called.coverage], { stroke: COLOURS.muted, strokeDasharray: '3 4' }),
                  dot([called], {
                    x: 'coverage',
                    y: 'risk',
                    r: SYMBOL_RADIUS,
                    fill: COLOURS.parasitized,
                  }),
                ]
              : [],
          ],
        }),
      },
      legend([
        {
          label: 'least sure cells left out (probability near to the threshold)',
          colour: COLOURS.uninfected,
        },
        ...(called
          ? [
              {
                label: 'what the model calls, its indeterminate cells left out',
                colour: COLOURS.parasitized,
                symbol: 'circle' as const,
                fill: COLOURS.parasitized,
              },
            ]
          : []),
      ]),
    ]),
  });
}
