// The classifier of generated images: which labeled images it is trained on and tested with.
import { labeledImages, type DataSource } from '../../data';
import { classifierEpochs, hiddenUnits, type LabeledSet } from '../../math/classifier';
import { sizeOfShape } from '../../shared/shape';
import type { MetricTasks } from '../workerTasks';

/** Labeled images of [0, 1], row-major [n, dimensions]. */
export interface ClassifierData {
  readonly training: LabeledSet;
  /** For the accuracy. */
  readonly held: LabeledSet;
  readonly dimensions: number;
  readonly classCount: number;
  /** The classes of all real samples. */
  readonly realClasses: Uint8Array;
}

export interface ImageClassifier {
  readonly data: ClassifierData;
  /** Classifies images of [0, 1]. */
  classify(samples: Float32Array): Promise<MetricTasks['classify']['result']>;
}

/** At most so many images, and so many bytes. */
const labeledCount = 12_000;
const labeledBytes = 2 ** 28;

/** Five sixths of the labeled images to train on, the others to test with; null if the classes are not known. */
export function classifierData(data: DataSource): ClassifierData | null {
  const dimensions = sizeOfShape(data.shape);
  const labeled = labeledImages(data, Math.min(labeledCount, Math.floor(labeledBytes / (4 * dimensions))), 0);
  if (!labeled) return null;
  const { classes, values } = labeled;
  const trained = Math.ceil(classes.length * (5 / 6));
  const part = (from: number, to: number) => ({
    values: values.subarray(from * dimensions, to * dimensions),
    classes: classes.subarray(from, to),
  });
  return {
    training: part(0, trained),
    held: part(trained, classes.length),
    dimensions,
    classCount: classes.reduce((most, each) => Math.max(most, each), 0) + 1,
    realClasses: data.labels?.classes ?? classes,
  };
}

export const classifierProtocol = ({ training }: ClassifierData): string =>
  `perceptron of ${hiddenUnits} units, ${classifierEpochs} epochs, ${training.classes.length} images`;
