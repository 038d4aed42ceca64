import { startStdio } from '../src/stdio.ts';
import { createFixtureApi, principal } from './fixture-api.ts';

/** The fixture API over stdin and stdout, with read access only when asked for. */
startStdio({
  executor: createFixtureApi().executor,
  principal: principal(process.argv.includes('--read-only') ? { scopes: ['memories:read'] } : {}),
  logger: { error: (_fields, message) => void process.stderr.write(`${message}\n`) },
});
