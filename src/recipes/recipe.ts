import type { Network } from '../network/network.ts';
import type { Optimiser } from '../network/optimiser.ts';
import type { MetricName } from './metric-names.ts';
import type { Preprocessing } from './preprocessing.ts';
import type { Schedule } from './schedule.ts';

/** Everything that makes a model out of labelled cells, under a name, as plain data: it can be written as JSON. */
export interface Recipe {
  readonly name: string;
  readonly network: Network;
  readonly preprocessing: Preprocessing;
  readonly augmentation: Augmentation;
  readonly training: TrainingSettings;
}

/** How training images are varied, each time anew; what is missing is left alone. Shares are of 1: 0.1 is +- 10 %. */
export interface Augmentation {
  /** One of the eight turns and mirror images (four where the input is not square), without resampling. */
  readonly dihedral?: boolean;
  /** Degrees, up to, either way. */
  readonly rotation?: number;
  /** Output pixels, up to, in each direction. */
  readonly shift?: number;
  /** Share by which the cell grows or shrinks. */
  readonly zoom?: number;
  /** Share of the brightness. */
  readonly brightness?: number;
  /** Share of the contrast about the cell's mean colour. */
  readonly contrast?: number;
  /** Share of the distance from grey. */
  readonly saturation?: number;
  /** Share of each colour channel on its own, as stains and white balances differ. */
  readonly stain?: number;
  /** Share of the cells, whatever their label, on which a platelet is drawn: it says nothing of parasites. */
  readonly platelets?: number;
}

export interface TrainingSettings {
  /** At most this many. */
  readonly epochs: number;
  /** Images a step. */
  readonly batch: number;
  readonly optimiser: Optimiser;
  readonly schedule: Schedule;
  /** Share by which targets 0 and 1 move towards 1/2. */
  readonly labelSmoothing?: number;
  /**
   * How much a cell counts in the loss that a second opinion calls parasitized although its patient is healthy, where training is on
   * relabelled labels; every other counts 1.
   */
  readonly hardNegativeWeight?: number;
  /** Greatest global norm of the gradient. */
  readonly clip?: number;
  /** Moving average of the weights, which is then what is validated and kept. */
  readonly average?: { readonly decay: number };
  /** Ends training after `patience` epochs in which the validation part's metric did not get better. */
  readonly earlyStopping?: { readonly metric: MetricName; readonly patience: number };
  /** Which epoch becomes the model: the best one on the validation part, or the last. */
  readonly keep: { readonly metric: MetricName } | 'last';
  /** Share of the log-odds that logistic regression on the statistics of the cell's colours has; the network's is the rest. */
  readonly colours?: number;
  /** Probabilities are made right on the validation part, by a temperature (Guo et al. 2017, arXiv 1706.04599). */
  readonly calibration?: 'temperature';
  /**
   * The model says how unlike its training cells an image is, and may say that it cannot tell; a second network, trained after the first,
   * tells it what may be a platelet.
   */
  readonly outlier?: boolean;
}
