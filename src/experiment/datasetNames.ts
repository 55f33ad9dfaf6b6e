// Names of public data sets that are written where a data source belongs, and how such a data set is read.
import { datasets, type DataSourceId } from '../catalog';

/** Data sets that are not downloaded by name, by the source that reads them from a folder or file. */
const others: Readonly<Record<string, DataSourceId>> = {
  celeba: 'images',
  celebahq: 'images',
  ffhq: 'images',
  afhq: 'images',
  flowers: 'images',
  imagenet: 'images',
  stl10: 'images',
  lfw: 'images',
  lsun: 'lmdb',
  emnist: 'idx',
  qmnist: 'idx',
};

const simple = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** The settings that read the data set of this name; undefined if it is not known. */
export function datasetSettings(name: string): { readonly source: DataSourceId; readonly path: string } | undefined {
  const id = (Object.keys(datasets) as (keyof typeof datasets)[]).find((known) => simple(known) === simple(name));
  if (id) return { source: datasets[id].source, path: id };
  const source = Object.hasOwn(others, simple(name)) ? others[simple(name)] : undefined;
  return source && { source, path: `./${simple(name)}` };
}
