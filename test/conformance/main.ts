// Runs the specs that TensorFlow.js ships for its backends on ours, and compares the outcome with the exclusions. `node
// conformance.cjs [--only TEXT] [--summary FILE]` prints the counts last; exits with 1 for a failure or stale
// exclusion.
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
import { evaluateRun, type Outcome } from './evaluateRun';

const { values } = parseArgs({ options: { only: { type: 'string' }, summary: { type: 'string' } } });
const only = values.only ?? '';

/** The specs print profiles and warnings. */
const print = console.log;
for (const method of ['log', 'warn', 'error'] as const) console[method] = () => {};
Error.stackTraceLimit = 10; // The suite sets it to infinity, which makes expected errors slow.
/** Number of specs of TensorFlow.js 4.22 for Node and a backend other than cpu, to detect missing ones. */
const SPECS = 4230;
const outcomes: Outcome[] = [];
const suiteErrors: string[] = [];
/** Removes the environment from the name of a spec. */
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
  const { passed, pending, excluded, failed, stale } = evaluateRun(outcomes, exclusions, only !== '');
  const problems = [
    ...failed.map(({ name, message }) => `failed: ${name}\n    ${message.split('\n')[0].slice(0, 200)}`),
    ...suiteErrors.map((error) => `failed: ${error}`),
    ...stale,
    ...(only === '' && outcomes.length !== SPECS ? [`${outcomes.length} specs were found, expected ${SPECS}`] : []),
  ];
  if (problems.length > 0) print(`${problems.join('\n')}\n`);
  for (const [reason, count] of excluded) print(`${String(count).padStart(5)} excluded: ${reason}`);
  const excludedCount = [...excluded.values()].reduce((sum, n) => sum + n, 0);
  print(
    `\nTensorFlow.js ${version_core}: ${outcomes.length} specs, ${passed} passed, ` +
      `${failed.length + suiteErrors.length} failed, ${excludedCount} excluded, ${pending} skipped by the suite ` +
      'itself',
  );
  if (values.summary) writeFileSync(values.summary, JSON.stringify({ passed, failed: problems, skipped: [] }));
  process.exit(problems.length > 0 ? 1 : 0);
});
