// A vitest reporter that writes the summary of `npm test`: counts, names of failures, skipped tests with their reasons.
import { writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Writes `{ passed, failed: string[], skipped: { name, reason }[], flaky: string[] }` as JSON to the file named in
 * EARTHMOVER_TEST_SUMMARY. vitest's own JSON reporter omits the reason of a test that skipped itself (`context.skip('no
 * numpy here')`).
 */
export default class SummaryReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const summary = { passed: 0, failed: [], skipped: [], flaky: [] };
    for (const module of modules) {
      const file = path.relative(process.cwd(), module.moduleId);
      for (const test of module.children.allTests()) {
        const name = `${file} > ${test.fullName}`;
        const result = test.result();
        if (test.diagnostic()?.flaky) summary.flaky.push(name);
        if (result.state === 'passed') summary.passed++;
        else if (result.state === 'failed') summary.failed.push(name);
        else summary.skipped.push({ name, reason: result.note ?? '' });
      }
      // A file that fails to load, or whose hooks fail, has no failed test.
      if (module.errors().length > 0) summary.failed.push(file);
      for (const suite of module.children.allSuites()) {
        if (suite.errors().length > 0) summary.failed.push(`${file} > ${suite.fullName}`);
      }
    }
    for (const error of unhandledErrors) summary.failed.push(`outside any test: ${error.message}`);
    writeFileSync(process.env.EARTHMOVER_TEST_SUMMARY, JSON.stringify(summary));
  }
}
