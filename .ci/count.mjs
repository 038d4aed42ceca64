// Usage: node .ci/count.mjs REPORT STATUS LOG — prints "PASSED FAILED" of a vitest JSON report, then a line for each
// failure. Runs on any Node: it also has to answer when the set-up failed.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

const MOST_LINES = 12;

const [report, status, log] = process.argv.slice(2);
const { passed, failures } = read(report);
// A run that failed for another reason than a test (no report, an unhandled rejection) is one failure.
if (failures.length === 0 && status !== '0') failures.push(endOf(log));
console.log(passed, failures.length);
console.log(failures.slice(0, MOST_LINES).join('\n'));
if (failures.length > MOST_LINES) console.log(`  and ${failures.length - MOST_LINES} more`);

function read(file) {
  try {
    const { numPassedTests, testResults } = JSON.parse(readFileSync(file, 'utf8'));
    return { passed: numPassedTests, failures: testResults.flatMap(failuresOfFile) };
  } catch {
    return { passed: 0, failures: ['  no report was written: see the step'] };
  }
}

function failuresOfFile({ name, status, message, assertionResults }) {
  const path = relative(process.cwd(), name);
  const failed = assertionResults.filter((test) => test.status === 'failed');
  // A file that could not be loaded has failed without a single test.
  if (status === 'failed' && failed.length === 0) return [`  ${path}: ${briefly(message)}`];
  return failed.map((test) => `  ${path} > ${test.fullName}: ${briefly(test.failureMessages.join(' '))}`);
}

/** What vitest wrote of errors outside of tests, or else its last lines. */
function endOf(file) {
  try {
    const lines = readFileSync(file, 'utf8')
      .replace(/\u001b\[[\d;]*m/g, '')
      .split('\n');
    const begin = lines.findIndex((line) => line.includes('Unhandled'));
    return (begin < 0 ? lines.slice(-20) : lines.slice(begin, begin + 20))
      .map((line) => `  ${line}`)
      .join('\n');
  } catch {
    return '  it ended before its first test: see the step';
  }
}

function briefly(message) {
  return message.replace(/\s+/g, ' ').slice(0, 300);
}
