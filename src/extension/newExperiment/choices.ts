// What "New Experiment" offers: the recommended preset first, each with one short line.
import * as vscode from 'vscode';
import { dataSources, presets, type DataSourceId, type PresetId } from '../../catalog';

export interface Choice<Id extends string> {
  readonly id: Id;
  readonly title: string;
  /** Short enough for the list, which cuts long lines. */
  readonly text: string;
  /** The heading of the group that it begins. */
  readonly heading?: string;
}

/** The presets in the order in which they are offered. The first one trains best. */
export function presetChoices(): readonly Choice<PresetId>[] {
  const { t } = vscode.l10n;
  const groups: readonly (readonly [heading: string, Partial<Record<PresetId, string>>])[] = [
    [t('recommended'), { 'wgan-gp': t('Wasserstein GAN with a gradient penalty: stable, for any data') }],
    [
      t('Wasserstein GANs'),
      {
        wgan: t('The original Wasserstein GAN with weight clipping: slow to learn'),
        'resnet-32': t('Residual networks for color images of 32 pixels'),
      },
    ],
    [
      t('other GANs'),
      {
        gan: t('The original GAN, non-saturating'),
        dcgan: t('The original GAN with convolutions, for images'),
        lsgan: t('Least squares instead of classification'),
        'lsgan-gp': t('Least squares with the penalty of WGAN-GP'),
        'noisy-gan': t('Noise on all samples that fades out'),
        'fgan-kl': t('A lower bound of KL or another f-divergence'),
        'ml-gan': t('The gradient of maximum likelihood'),
      },
    ],
    [
      t('experiments of the papers'),
      {
        'eight-gaussians': t('A ring of Gaussians: a test for mode collapse'),
        'twenty-five-gaussians': t('A grid of Gaussians: a harder test for mode collapse'),
        'swiss-roll': t('A noisy spiral'),
        'parallel-lines': t('The example in which only W₁ has a useful gradient'),
      },
    ],
  ];
  return groups.flatMap(([heading, texts]) =>
    (Object.keys(texts) as PresetId[]).map(
      (id, i): Choice<PresetId> => ({
        id,
        title: presets[id].title,
        text: texts[id] ?? '',
        ...(i === 0 && { heading }),
      }),
    ),
  );
}

/** The data sources in this order, those that need no files before those that do. */
export function dataChoices(ids: readonly DataSourceId[]): readonly Choice<DataSourceId>[] {
  const { t } = vscode.l10n;
  const texts: Readonly<Record<DataSourceId, string>> = {
    'gaussians-ring': t('Points: eight clusters on a circle'),
    'gaussians-grid': t('Points: twenty-five clusters on a grid'),
    'swiss-roll': t('Points: a noisy spiral'),
    'vertical-line': t('Points: a line, for the network "shift"'),
    points: t('Points of any dimension: csv, tsv or npy'),
    digits: t('Images: drawn digits in gray, no download'),
    shapes: t('Images: drawn shapes in color, no download'),
    images: t('Images: png, jpeg, webp and others, in subfolders too'),
    idx: t('Images: MNIST and data sets in its format'),
    csv: t('Images: one per row of a csv file'),
    cifar: t('Images: the binary files of CIFAR'),
    lmdb: t('Images: encoded images in an LMDB database'),
    npy: t('Images: an array [N, height, width, channels]'),
    npz: t('Images: an array in an archive of numpy.savez'),
  };
  const isReady = (id: DataSourceId): boolean => !('path' in dataSources[id].parameters);
  const sorted = [...ids.filter(isReady), ...ids.filter((id) => !isReady(id))];
  return sorted.map((id, i): Choice<DataSourceId> => {
    const begins = i === 0 || isReady(id) !== isReady(sorted[i - 1]);
    const heading = isReady(id) ? t('no files needed') : t('your files');
    return { id, title: dataSources[id].title, text: texts[id], ...(begins && { heading }) };
  });
}
