// A vitest reporter that writes what `npm test` sums up: counts, the names of failures, and skips with their reasons.
import { writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Writes `{ passed, failed: string[], skipped: { name, reason }[] }` as JSON to the file named in EARTHMOVER_TEST_SUMMARY.
 * vitest's own JSON reporter leaves out the reason a test gave when it skipped itself (`context.skip('no numpy here')`).
 */
export default class SummaryReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const summary = { passed: 0, failed: [], skipped: [] };
    for (const module of modules) {
      const file = path.relative(process.cwd(), module.moduleId);
      for (const test of module.children.allTests()) {
        const name = `${file} > ${test.fullName}`;
        const result = test.result();
        if (result.state === 'passed') summary.passed++;
        else if (result.state === 'failed') summary.failed.push(name);
        else summary.skipped.push({ name, reason: result.note ?? '' });
      }
      // A file that does not load, or whose hooks fail, has no failed test of its own.
      if (module.errors().length > 0) summary.failed.push(file);
      for (const suite of module.children.allSuites()) {
        if (suite.errors().length > 0) summary.failed.push(`${file} > ${suite.fullName}`);
      }
    }
    for (const error of unhandledErrors) summary.failed.push(`outside any test: ${error.message}`);
    writeFileSync(process.env.EARTHMOVER_TEST_SUMMARY, JSON.stringify(summary));
  }
}
