// Usage: node .ci/count.mjs REPORT STATUS — prints "PASSED FAILED" of a vitest JSON report. Runs on any Node: it also has
// to answer when the set-up failed.
import { readFileSync } from 'node:fs';

const [report, status] = process.argv.slice(2);
const { passed, failed } = count(report);
// A run that failed for another reason than a test (no report, an unhandled rejection) is one failure.
console.log(passed, failed === 0 && status !== '0' ? 1 : failed);

function count(file) {
  try {
    const { numPassedTests, testResults } = JSON.parse(readFileSync(file, 'utf8'));
    // A file that could not be loaded has failed without a single test.
    const failures = testResults.map((result) => {
      const inFile = result.assertionResults.filter((test) => test.status === 'failed').length;
      return result.status === 'failed' ? Math.max(1, inFile) : inFile;
    });
    return { passed: numPassedTests, failed: failures.reduce((sum, number) => sum + number, 0) };
  } catch {
    return { passed: 0, failed: 1 };
  }
}
