// Public data sets that can be downloaded by name: URLs, sizes and published checksums of their files.

/** A file of a data set, as its publisher describes it. */
interface DatasetFile {
  readonly url: string;
  /** In bytes. */
  readonly size: number;
  readonly checksum: { readonly algorithm: 'sha256' | 'md5'; readonly hex: string };
}

export interface Dataset {
  readonly title: string;
  /** The data source that reads it. */
  readonly source: 'idx' | 'cifar';
  /** Paper, or page of the publisher. */
  readonly origin: string;
  readonly files: readonly DatasetFile[];
  /** For archives: path in the archive → name of the file. */
  readonly unpack?: Readonly<Record<string, string>>;
}

const md5 = (url: string, size: number, hex: string): DatasetFile => ({
  url,
  size,
  checksum: { algorithm: 'md5', hex },
});
const sha256 = (url: string, size: number, hex: string): DatasetFile => ({
  url,
  size,
  checksum: { algorithm: 'sha256', hex },
});

/** yann.lecun.com now requires a password; this is the mirror that PyTorch's loaders use, with the same checksums. */
const mnist = 'https://ossci-datasets.s3.amazonaws.com/mnist';
const fashion = 'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com';
const kmnist = 'http://codh.rois.ac.jp/kmnist/dataset/kmnist';
const cifar = 'https://www.cs.toronto.edu/~kriz';

export const datasets = {
  mnist: {
    title: 'MNIST, 70,000 handwritten digits',
    source: 'idx',
    origin: 'LeCun, Bottou, Bengio, Haffner 1998',
    files: [
      sha256(
        `${mnist}/train-images-idx3-ubyte.gz`,
        9912422,
        '440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609',
      ),
      sha256(
        `${mnist}/train-labels-idx1-ubyte.gz`,
        28881,
        '3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c',
      ),
      sha256(
        `${mnist}/t10k-images-idx3-ubyte.gz`,
        1648877,
        '8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6',
      ),
      sha256(
        `${mnist}/t10k-labels-idx1-ubyte.gz`,
        4542,
        'f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6',
      ),
    ],
  },
  'fashion-mnist': {
    title: 'Fashion-MNIST, 70,000 pieces of clothing',
    source: 'idx',
    origin: 'Xiao, Rasul, Vollgraf 2017',
    files: [
      md5(`${fashion}/train-images-idx3-ubyte.gz`, 26421880, '8d4fb7e6c68d591d4c3dfef9ec88bf0d'),
      md5(`${fashion}/train-labels-idx1-ubyte.gz`, 29515, '25c81989df183df01b3e8a0aad5dffbe'),
      md5(`${fashion}/t10k-images-idx3-ubyte.gz`, 4422102, 'bef4ecab320f06d8554ea6380940ec79'),
      md5(`${fashion}/t10k-labels-idx1-ubyte.gz`, 5148, 'bb300cfdad3c16e7a12a480ee83cd310'),
    ],
  },
  kmnist: {
    title: 'KMNIST, 70,000 handwritten Japanese characters',
    source: 'idx',
    origin: 'Clanuwat et al. 2018',
    files: [
      md5(`${kmnist}/train-images-idx3-ubyte.gz`, 18165135, 'bdb82020997e1d708af4cf47b453dcf7'),
      md5(`${kmnist}/train-labels-idx1-ubyte.gz`, 29497, 'e144d726b3acfaa3e44228e80efcd344'),
      md5(`${kmnist}/t10k-images-idx3-ubyte.gz`, 3041136, '5c965bf0a639b31b8f53240b1b52f4d7'),
      md5(`${kmnist}/t10k-labels-idx1-ubyte.gz`, 5120, '7320c461ea6c1c855c0b718fb2a4b134'),
    ],
  },
  'cifar-10': {
    title: 'CIFAR-10, 60,000 color images in 10 classes',
    source: 'cifar',
    origin: 'Krizhevsky 2009',
    files: [
      sha256(
        `${cifar}/cifar-10-binary.tar.gz`,
        170052171,
        'c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd',
      ),
    ],
    unpack: {
      'cifar-10-batches-bin/data_batch_1.bin': 'data_batch_1.bin',
      'cifar-10-batches-bin/data_batch_2.bin': 'data_batch_2.bin',
      'cifar-10-batches-bin/data_batch_3.bin': 'data_batch_3.bin',
      'cifar-10-batches-bin/data_batch_4.bin': 'data_batch_4.bin',
      'cifar-10-batches-bin/data_batch_5.bin': 'data_batch_5.bin',
      'cifar-10-batches-bin/test_batch.bin': 'test_batch.bin',
      'cifar-10-batches-bin/batches.meta.txt': 'batches.meta.txt',
    },
  },
  'cifar-100': {
    title: 'CIFAR-100, 60,000 color images in 100 classes',
    source: 'cifar',
    origin: 'Krizhevsky 2009',
    files: [
      sha256(
        `${cifar}/cifar-100-binary.tar.gz`,
        168513733,
        '58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec',
      ),
    ],
    unpack: {
      'cifar-100-binary/train.bin': 'train.bin',
      'cifar-100-binary/test.bin': 'test.bin',
      'cifar-100-binary/fine_label_names.txt': 'fine_label_names.txt',
    },
  },
} as const satisfies Readonly<Record<string, Dataset>>;

export type DatasetId = keyof typeof datasets;
