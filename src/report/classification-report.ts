import { base64Encode } from '@bufbuild/protobuf/wire';
import { encodePng } from '../cells/encode.ts';
import { calledShareInterval } from '../evaluation/called-share.ts';
import { count, counted, percent, share } from '../figures/numbers.ts';
import type { ModelMetadata } from '../model/metadata.ts';
import type { ClassifiedImages } from './classified-images.ts';
import { creditOf } from './credit.ts';
import { type Html, html } from './html.ts';
import { page } from './page.ts';
import { facts, notice, table } from './parts.ts';
import { GROUP, type Thumbnail, type ThumbnailGroups } from './thumbnails.ts';

export interface ClassificationReport {
  readonly images: ClassifiedImages;
  readonly model: {
    /** As the user named it. */
    readonly file: string;
    /** SHA-256 of the file. */
    readonly sha256: string;
    readonly metadata: ModelMetadata;
  };
  readonly scale: ReportScale;
  /** Of the giemsa that makes the report. */
  readonly version: string;
}

/** How the model's probabilities are read. */
export interface ReportScale {
  /** Parasitized means a probability of at least this: on the scale that is shown, and on the model's own. */
  readonly threshold: number;
  readonly modelThreshold: number;
  /** What the threshold was chosen on, in words. */
  readonly chosenOn: string;
  /** Stated share of infected cells; undefined where probabilities are the model's own. */
  readonly prevalence: number | undefined;
  /** From the model's probability to the one that is shown. */
  of(probability: number): number;
}

/** More patients are not listed one by one. */
const MOST_ROWS = 500;
/** As the intervals of `evaluate` need: nine infected and three healthy ones. */
const FEW_PATIENTS = 12;

/** What `classify` found, as one HTML file. */
export function classificationReport(report: ClassificationReport): string {
  const { images, model, scale, version } = report;
  const { counts, thumbnails } = images;
  const read = counts.parasitized + counts.uninfected + counts.indeterminate;
  const all = read + counts.unreadable;
  const at =
    scale.prevalence === undefined
      ? ''
      : `, probabilities where ${percentOf(scale.prevalence)} of the cells are infected`;
  return page({
    title: `${counted(all, 'image')} classified`,
    protocol: `Model ${model.file}, recipe ${model.metadata.recipe.name}; parasitized means probability ≥ ${precise(scale.threshold)}${at}.`,
    madeBy: `Made by giemsa ${version}, command giemsa classify`,
    body: html`${
      counts.unreadable > 0 &&
      notice(
        `${counted(counts.unreadable, 'image')} of ${count(all)} could not be read: in no figure here but the first table. Named below.`,
      )
    }<h2>Counts</h2>
${countTable(counts, read)}${reasonTable(images.reasons, counts.indeterminate)}${calledPart(images, read)}${scale.prevalence !== undefined && prevalencePart(scale.prevalence, report)}<h2>Images by probability</h2>
${read === 0 ? html`<p>No image could be read.</p>\n` : thumbnailPart(thumbnails, read, scale)}${unreadablePart(images)}<h2>Model and threshold</h2>
${modelPart(report)}${patientPart(images)}`,
  });
}

function countTable({ unreadable, ...calls }: ClassifiedImages['counts'], read: number): Html {
  const rows = Object.entries(calls).filter(([label, images]) => label !== 'indeterminate' || images > 0);
  return table(
    'What the images are called',
    [{ title: 'Called' }, { title: 'Images', number: true }, { title: 'Of those read', number: true }],
    [
      ...rows.map(([label, images]) => [label, count(images), read === 0 ? '' : percent(images / read)]),
      ['could not be read', count(unreadable), ''],
    ],
  );
}

function reasonTable(reasons: ClassifiedImages['reasons'], indeterminate: number): Html | undefined {
  if (reasons.length === 0) return undefined;
  return table(
    'Why images are indeterminate',
    [{ title: 'Reason' }, { title: 'Images', number: true }, { title: 'Of those', number: true }],
    reasons.map(([reason, images]) => [reason, count(images), percent(images / indeterminate)]),
  );
}

/** The share called parasitized, with its interval where every patient is known. */
function calledPart({ counts, patients, withoutPatient }: ClassifiedImages, read: number): Html | undefined {
  if (read === 0) return undefined;
  const called = `${percent(counts.parasitized / read)} of the images are called parasitized`;
  return html`<p>${called}${intervalText(patients, withoutPatient, read)}. These are calls, not parasites: a model calls some uninfected cells parasitized, and misses some that are.</p>
`;
}

function intervalText(patients: ClassifiedImages['patients'], withoutPatient: number, read: number): string {
  if (patients === null) return '; there are too many patients to be told apart, so there is no interval';
  if (withoutPatient > 0) {
    const whose = withoutPatient === read ? 'they' : counted(withoutPatient, 'of them', 'of them');
    return `; whose cells ${whose} are is not known, so there is no interval (--patients FILE says it)`;
  }
  if (patients.length < 2) return '; all are of one patient, so there is no interval over patients';
  const interval = calledShareInterval(patients);
  const of = `${counted(patients.length, 'patient')}, since cells of one patient are alike`;
  return interval === undefined
    ? `; no interval can be told from ${of}`
    : ` (95 % interval ${interval.map(percent).join(' to ')}, over ${of}${patients.length < FEW_PATIENTS ? '; so few patients say little of others' : ''})`;
}

function prevalencePart(prevalence: number, { model, scale }: ClassificationReport): Html {
  return html`<p>The model was trained where ${percentOf(model.metadata.prior)} of the cells were parasitized. Probabilities here are those for cells of which ${percentOf(prevalence)} are infected, as stated with <code>--prevalence</code> (odds times the ratio of the two shares’ odds; Saerens et al. 2002); the model’s own stand beside them. They are right only if the model is well calibrated and the stated share is. The threshold ${precise(scale.threshold)} is ${precise(scale.modelThreshold)} on the model’s own scale.</p>
`;
}

function thumbnailPart(
  { highest, nearest, lowest }: ThumbnailGroups,
  read: number,
  scale: ReportScale,
): Html {
  const shown = [...highest, ...nearest, ...lowest];
  const credit = creditOf(shown.map(({ file }) => file));
  const groups: [title: string, images: readonly Thumbnail[]][] =
    shown.length === read
      ? [['', highest]]
      : [
          [`The ${GROUP} highest`, highest],
          [`The ${GROUP} nearest to the threshold, of the others`, nearest],
          [`The ${GROUP} lowest`, lowest],
        ];
  return html`<p>${
    shown.length === read
      ? 'All images that could be read'
      : `${count(shown.length)} of the ${counted(read, 'image')} that could be read`
  }, from the highest probability of parasitized down. Orange: called parasitized; blue: called uninfected; grey: indeterminate.${credit !== undefined && ` ${credit}.`}</p>
${groups.map(
  ([title, images]) => html`${title !== '' && html`<h3>${title}</h3>\n`}<ul class="images">
${images.map((image) => thumbnail(image, scale))}</ul>
`,
)}`;
}

function thumbnail({ file, label, probability, image }: Thumbnail, scale: ReportScale): Html {
  const data = `data:image/png;base64,${base64Encode(encodePng(image))}`;
  const own = scale.prevalence !== undefined && html`<br>model ${precise(probability)}`;
  const name = file.slice(file.lastIndexOf('/') + 1);
  return html`<li><img class="${label}" src="${data}" alt="Image called ${label}"><strong>${precise(scale.of(probability))}</strong> ${label}${own}<br>${name}</li>
`;
}

function patientPart({ patients, withoutPatient }: ClassifiedImages): Html | undefined {
  if (patients === null || patients.length === 0) return undefined;
  const more = patients.length - MOST_ROWS;
  return html`<h2>Patient by patient</h2>
${table(
  'Images read of each patient, and how many are called parasitized',
  [
    { title: 'Patient' },
    { title: 'Images', number: true },
    { title: 'Called parasitized', number: true },
    { title: 'Share', number: true },
  ],
  patients
    .slice(0, MOST_ROWS)
    .map(({ patient, cells, called }) => [patient, count(cells), count(called), percent(called / cells)]),
)}${more > 0 && html`<p>And ${counted(more, 'patient')} more.</p>\n`}${withoutPatient > 0 && html`<p>${counted(withoutPatient, 'image')} of patients that are not known.</p>\n`}`;
}

function unreadablePart({ unreadable, counts }: ClassifiedImages): Html | undefined {
  if (unreadable.length === 0) return undefined;
  const more = counts.unreadable - unreadable.length;
  return html`<h2>What could not be read</h2>
${table(
  'Images that could not be read, and why',
  [{ title: 'File' }, { title: 'Reason' }],
  unreadable.map(({ file, error }) => [file, error]),
)}${more > 0 && html`<p>And ${counted(more, 'image')} more; each has its row in what classify printed.</p>\n`}`;
}

function modelPart({ model, scale }: ClassificationReport): Html {
  const { recipe, prior, labelSet, dataFingerprint, splitFingerprint, version, commit } = model.metadata;
  return facts([
    ['Model', model.file],
    ['SHA-256 of the file', model.sha256],
    ['Recipe', recipe.name],
    [
      'Trained on',
      `cells of which ${percentOf(prior)} are parasitized, labels ${labelSet}; data ${dataFingerprint}, split ${splitFingerprint}`,
    ],
    ['Written by', `giemsa ${version}${commit === null ? '' : `, commit ${commit.slice(0, 12)}`}`],
    ['Threshold', `${precise(scale.modelThreshold)}, ${scale.chosenOn}`],
    ...(scale.prevalence === undefined
      ? []
      : ([
          ['Prevalence', `${percentOf(scale.prevalence)} of the cells infected, as stated`],
          ['Threshold at this prevalence', precise(scale.threshold)],
        ] as const)),
  ]);
}

/** Three decimals; of smaller numbers three digits, since at a low prevalence most probabilities are small. */
function precise(probability: number): string {
  return probability === 0 || probability >= 0.1 ? share(probability) : probability.toPrecision(3);
}

/** `0.1 %`, `50 %`: a share as somebody stated it. */
function percentOf(value: number): string {
  return `${Number((100 * value).toPrecision(3))} %`;
}
