// Runs the specs that TensorFlow.js ships for its backends on ours, and holds the outcome against the exclusions.
// `node conformance.cjs [--only TEXT] [--summary FILE]`; the last lines are the counts; 1 for a failure or a stale exclusion.
import '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { jasmine } from './environment';
import '@tensorflow/tfjs-core/dist/tests';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { version_core } from '@tensorflow/tfjs-core';
import { BACKEND } from '../../src/engine/onnx/graphBackend';
import { exclusions } from './exclusions';
import { judge, type Outcome } from './judge';

const { values } = parseArgs({ options: { only: { type: 'string' }, summary: { type: 'string' } } });
const only = values.only ?? '';

/** The specs print what they profile, and provoke warnings. */
const say = console.log;
for (const method of ['log', 'warn', 'error'] as const) console[method] = () => {};
Error.stackTraceLimit = 10; // The suite sets it to infinity, which makes every expected error slow.
/** What TensorFlow.js 4.22 ships for Node and a backend of another name than cpu; fewer would go unnoticed otherwise. */
const SPECS = 4230;
const outcomes: Outcome[] = [];
const suiteErrors: string[] = [];
/** The environment is part of each name, with its flags. */
const plain = (name: string): string => name.replaceAll(` ${BACKEND} {}`, '');

jasmine.configure({ random: false, specFilter: (spec) => plain(spec.getFullName()).includes(only) });
jasmine.addReporter({
  specDone: ({ fullName, status, failedExpectations }) => {
    if (status === 'excluded') return;
    outcomes.push({ name: plain(fullName), status, message: failedExpectations[0]?.message ?? '' });
  },
  suiteDone: ({ fullName, failedExpectations }) => {
    for (const { message } of failedExpectations) suiteErrors.push(`${plain(fullName)}: ${message}`);
  },
});

void jasmine.execute().then(() => {
  const { passed, pending, excluded, failed, stale } = judge(outcomes, exclusions, only !== '');
  const problems = [
    ...failed.map(({ name, message }) => `failed: ${name}\n    ${message.split('\n')[0].slice(0, 200)}`),
    ...suiteErrors.map((error) => `failed: ${error}`),
    ...stale,
    ...(only === '' && outcomes.length !== SPECS ? [`${outcomes.length} specs were found, not ${SPECS}`] : []),
  ];
  if (problems.length > 0) say(`${problems.join('\n')}\n`);
  for (const [reason, count] of excluded) say(`${String(count).padStart(5)} excluded: ${reason}`);
  const excludedCount = [...excluded.values()].reduce((sum, n) => sum + n, 0);
  say(
    `\nTensorFlow.js ${version_core}: ${outcomes.length} specs, ${passed} passed, ${failed.length + suiteErrors.length} failed, ` +
      `${excludedCount} excluded, ${pending} left out by the suite itself`,
  );
  if (values.summary) writeFileSync(values.summary, JSON.stringify({ passed, failed: problems, skipped: [] }));
  process.exit(problems.length > 0 ? 1 : 0);
});
