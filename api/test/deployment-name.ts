/** `one` process; `two` of them on one database; or `split`, with the MCP adapter in a server of its own. */
const DEPLOYMENTS = ['one', 'two', 'split'] as const;
export type Deployment = (typeof DEPLOYMENTS)[number];

/** How the servers of this test run are deployed; refuses what cannot be, before any test begins. */
export function readDeployment(env: NodeJS.ProcessEnv): Deployment {
  const name = env['PICARD_TEST_DEPLOYMENT'] || 'one';
  const found = DEPLOYMENTS.find((each) => each === name);
  if (!found) throw new Error(`PICARD_TEST_DEPLOYMENT must be one of ${DEPLOYMENTS.join(', ')}`);
  if (found === 'two' && !env['PICARD_TEST_DATABASE_URL'])
    throw new Error(
      'PICARD_TEST_DEPLOYMENT=two needs PICARD_TEST_DATABASE_URL: an embedded database has one process',
    );
  return found;
}
