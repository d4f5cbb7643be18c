import { count, counted } from '../figures/numbers.ts';
import { countParameters, resolve } from '../network/graph.ts';
import type { Recipe } from '../recipes/recipe.ts';
import type { RunRecord } from '../training/run-folder.ts';
import { type Html, html } from './html.ts';
import { facts } from './parts.ts';
import { versionsText } from './versions.ts';

/** run.json of a training or of a cross-validation, which has folds in place of parts. */
export type RunFacts = Pick<
  RunRecord,
  'giemsa' | 'recipe' | 'seed' | 'fast' | 'node' | 'platform' | 'leftOut'
> & {
  readonly data: Pick<RunRecord['data'], 'fingerprint' | 'labelSet' | 'labelFolders'>;
  readonly split: Pick<RunRecord['split'], 'fingerprint' | 'protocol'> &
    Partial<Pick<RunRecord['split'], 'cells'>>;
  readonly resumedWith?: RunRecord['resumedWith'];
  readonly kept?: RunRecord['kept'];
  readonly times: Pick<RunRecord['times'], 'started' | 'finished'> & Partial<RunRecord['times']>;
};

function timeText({ seconds, results }: RunFacts['times']): string | undefined {
  if (seconds === undefined) return undefined;
  return `${count(seconds)} s${results === undefined ? '' : `, and ${count(results)} s for the results`}`;
}

/** All that is needed to repeat a run, but for the paths of the machine it ran on. */
export function configuration(run: RunFacts): Html {
  const {
    giemsa,
    resumedWith = [],
    recipe,
    seed,
    fast,
    node,
    platform,
    leftOut,
    data,
    split,
    kept,
    times,
  } = run;
  const cells = split.cells;
  const entries: [string, string | undefined][] = [
    ['Recipe', recipe.name],
    ['Network', networkLine(recipe)],
    ['Preprocessing', settings(recipe.preprocessing)],
    ['Augmentation', settings(recipe.augmentation) || 'none'],
    ['Training', settings(recipe.training)],
    ['Seed', `${seed}${fast ? ', fast (relaxed SIMD: last bits depend on the processor)' : ''}`],
    ['Labels trained on', data.labelSet],
    ['Split', split.protocol],
    [
      'Cells',
      cells &&
        `${count(cells.train)} to train, ${count(cells.val)} to validate, ${count(cells.test)} to test`,
    ],
    [
      'Left out',
      leftOut.length > 0 ? `${counted(leftOut.length, 'cell')} that could not be read` : undefined,
    ],
    [
      'Kept epoch',
      kept
        ? `${kept.epoch}${kept.metric === null ? ', the last' : `, by ${kept.metric} on the validation part`}`
        : undefined,
    ],
    ['Data fingerprint', data.fingerprint],
    ['Split fingerprint', split.fingerprint],
    ['giemsa', `${versionsText(giemsa, resumedWith)}; Node ${node}, ${platform}`],
    ['Started', times.started],
    ['Finished', times.finished ?? undefined],
    ['Time of training', timeText(times)],
  ];
  return html`${facts(entries.filter((entry): entry is [string, string] => entry[1] !== undefined))}
<details><summary>The whole recipe</summary>
<pre>${JSON.stringify(recipe, null, 1)}</pre>
</details>
`;
}

function networkLine({ network }: Recipe): string {
  const { height, width } = network.input;
  const { trainable, other } = countParameters(resolve(network));
  return `${counted(network.layers.length, 'layer')} on ${width} x ${height} pixels; ${count(trainable)} trainable parameters, ${count(other)} others`;
}

/** `epochs 8, batch 64, optimiser (type adamw, weightDecay 0.05)` */
function settings(value: object): string {
  return Object.entries(value)
    .map(([name, own]) =>
      typeof own === 'object' && own !== null ? `${name} (${settings(own)})` : `${name} ${own}`,
    )
    .join(', ');
}
