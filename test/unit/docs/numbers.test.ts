// No document claims a measured number that nobody recomputes: times, sizes, rates, shares and counts are derived here
// from the code, or are in a block that a command writes.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import * as catalog from '../../../src/catalog';
import { progressLine } from '../../../src/cli/progress';
import { kernels } from '../../../src/engine/onnx/kernels/table';
import { slowMotionRates } from '../../../src/protocol/control';
import { documents, root, textOf } from '../../support/documents';

const words = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const manifest = JSON.parse(textOf('package.json'));
const { contributes } = manifest;

/** A number that a document gives, in the words that are expected there. */
type Derived = readonly [file: string, words: string];

/** `said`, if a source file has this code: for limits and intervals of the program that are not exported. */
const ifCode = (file: string, code: string, said: string): string =>
  textOf(file).includes(code) ? said : `(${file} no longer has ${code})`;

/** The steps of the example that the README trains. */
const firstSteps = Number(/"steps": (\d+)/.exec(textOf('examples/eight-gaussians.gan.json'))![1]);
const supported = Object.values(kernels).filter((kernel) => typeof kernel === 'function').length;

const node = manifest.engines.node.replace('>=', '');
/** The version of a dependency without its patch. */
const minor = (name: string): string =>
  /\d+\.\d+/.exec({ ...manifest.dependencies, ...manifest.devDependencies }[name])![0];
const thirty = (count: number): string => (count === 30 ? 'thirty' : String(count));

const derived: readonly Derived[] = [
  ['CHANGELOG.md', `f-GANs with ${words[Object.keys(catalog.divergences).length]} divergences`],
  ['CHANGELOG.md', `Supports ${supported} of the ${Object.keys(kernels).length} kernels of TensorFlow.js`],
  ['CHANGELOG.md', `${capital(words[contributes.languageModelTools.length])} tools`],
  ['docs/editor.md', `with ${words[contributes.languageModelTools.length]} tools`],
  ['CHANGELOG.md', ifCode('src/cli/interruptThread.ts', 'const graceMs = 500', 'a second one ends within a second')],
  ['docs/command-line.md', ifCode('src/cli/interruptThread.ts', 'const graceMs = 500', 'exits within a second')],
  ['README.md', `${firstSteps.toLocaleString('en')} steps, seed 1`],
  [
    'README.md',
    `2${progressLine({ step: 2063, steps: firstSteps, label: 'K·W', estimate: 0.1679, rate: 90.6, secondsLeft: 21.4 }, 100, true).slice(1)}`,
  ],
  [
    'README.md',
    ifCode('src/extension/quickStart/composeExperiment.ts', 'quickStartSteps = 500', 'Quick start (500 steps)'),
  ],
  [
    'docs/editor.md',
    ifCode('src/extension/quickStart/composeExperiment.ts', 'quickStartSteps = 500', 'Quick start (500 steps)'),
  ],
  ['README.md', ifCode('scripts/examples.mjs', "default: '3'", 'what the examples show, with three seeds each')],
  ['docs/results.md', ifCode('scripts/examples.mjs', "default: '3'", 'to its end with three seeds')],
  ['docs/architecture.md', ifCode('src/trainer/prefetch/ringBuffer.ts', '64 * 2 ** 20', 'and 64 MiB')],
  ['docs/architecture.md', ifCode('src/engine/onnx/compileStep.ts', '= 5e8', 'fewer than half a billion operations')],
  ['docs/architecture.md', ifCode('src/trainer/commands.ts', 'CHECK_EVERY = 100', 'at most ten times per second')],
  ['docs/architecture.md', ifCode('src/cli/keyPress.ts', 'samePressMs = 500', 'within half a second')],
  ['docs/editor.md', `up to ${words[slowMotionRates.max]} updates per second`],
  ['docs/guidelines.md', ifCode('src/extension/doctor/doctorPage.ts', 'timeout = 60_000', 'times out after a minute')],
  ['docs/guidelines.md', `${words[Object.keys(contributes.configuration.properties).length]} settings`],
  ['docs/guidelines.md', `${words[contributes.walkthroughs[0].steps.length]} steps`],
  ['docs/guidelines.md', `${words[manifest.keywords.length]} keywords`],
  ['docs/guidelines.md', `an icon of ${readFileSync(path.join(root, manifest.icon)).readUInt32BE(16)} pixels`],
  ['docs/guidelines.md', `${thirty(textOf('docs/guidelines.md').match(/^\| \d+ /gm)!.length)} rules`],
  ['README.md', `[Node.js](https://nodejs.org) ${node} or newer`],
  ['CONTRIBUTING.md', `Node.js ${node} or newer`],
  ['README.md', `earthmover-linux-x64-${manifest.version}.vsix`],
  ['CHANGELOG.md', `## ${manifest.version} (unreleased)`],
  ['CHANGELOG.md', `that ONNX Runtime ${minor(`onnxruntime-node`)} computes wrongly`],
  ['docs/architecture.md', `TensorFlow.js ${minor('@tensorflow/tfjs-core')} records`],
  ['docs/second-order.md', `TensorFlow.js ${minor('@tensorflow/tfjs-core')} silently`],
  ['docs/architecture.md', `TypeScript ${minor('typescript')} for lint`],
  ['docs/run-directory.md', ifCode('src/run/runLock.ts', 'startSeconds = 60', 'has not been written for a minute')],
];

/** Numbers that are not of this project: of papers, of data sets, of other programs. */
const ofOthers: readonly Derived[] = [['src/catalog/dataSources.ts', 'LSUN has three million bedrooms']];

const number = String.raw`(?:\d[\d.,]*|an?|half an?|tenth of a|few|one|${words.slice(2).join('|')}|twenty|thirty|sixty|hundred|thousand)`;
const measured = new RegExp(
  [
    String.raw`\d\s?%`,
    String.raw`\b${number}[ -](?:milliseconds?|seconds?|minutes?|hours?)\b(?! Ctrl-C| one\b)`,
    String.raw`\b\d[\d.,]*\s?(?:s|ms|µs|kB|KB|MB|GB|MiB|GiB|it/s)\b`,
    String.raw`\b${number} times (?:as|per|faster|slower|smaller)\b`,
    String.raw`\b${number} (?:of the \d+ )?(?:kernels|tests|specs|tools|settings|systems|languages|divergences|variants)\b`,
    String.raw`\b(?:million|billion)\b`,
  ].join('|'),
  'gi',
);

/** The part of a text that people write: without blocks that a command generates. */
const written = (text: string): string =>
  /<!-- Do not edit; generated by|^Written by `npm run/m.test(text.slice(0, 400))
    ? ''
    : text.replace(/<!-- generated by[^]*?(?:<!-- end -->|$)/g, '');

const texts = [
  ...documents,
  ...['package.json', 'package.nls.json', 'snippets/experiments.json', 'src/experiment/jsonSchema.ts'],
  ...['objectives', 'constraints', 'networks', 'dataSources', 'dataParameters', 'optimizers', 'metrics', 'presets'].map(
    (name) => `src/catalog/${name}.ts`,
  ),
];

it.each(derived)('%s says "%s"', (file, said) => {
  expect(textOf(file).replace(/\s+/g, ' ').includes(said.replace(/\s+/g, ' ')), 'the document says it').toBe(true);
});

it('no document has another measured number', () => {
  const other = texts.flatMap((file) => {
    const known = [...derived, ...ofOthers].filter(([of]) => of === file).map(([, said]) => said.replace(/\s+/g, ' '));
    const text = known.reduce((rest, said) => rest.replaceAll(said, '…'), written(textOf(file)).replace(/\s+/g, ' '));
    return [...text.matchAll(measured)].map(
      ({ 0: found, index }) => `${file}: ${found}: ${text.slice(Math.max(0, index - 40), index + 40)}`,
    );
  });
  expect(other).toEqual([]);
});

it('finds measured numbers', () => {
  const claims = [
    'covers 90% of',
    'in a minute',
    'two minutes on one core',
    'in 4 s',
    '30.3 MB',
    'ten times as fast',
    '900 tests',
  ];
  expect(claims.filter((claim) => claim.search(measured) < 0)).toEqual([]);
});

function capital(word: string): string {
  return word[0].toUpperCase() + word.slice(1);
}
