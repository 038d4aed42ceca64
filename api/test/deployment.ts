import { startInstance, type Deployed, type Env, type Parts } from './deployment-instance.ts';
import { readDeployment, type Deployment } from './deployment-name.ts';
import { deploySplit } from './deployment-split.ts';
import { deployTwo } from './deployment-two.ts';

/** Starts what a test calls a server; as the test run is deployed, unless told. */
export async function deploy(
  env: Env,
  parts: Parts,
  deployment: Deployment = readDeployment(process.env),
): Promise<Deployed> {
  if (deployment === 'two') return deployTwo(env, parts);
  // Who brings an adapter's key plays the adapter, and wants none beside it.
  const playsAdapter = env['PICARD_ADAPTER_CLIENT'] !== undefined;
  if (deployment === 'split' && !playsAdapter) return deploySplit(env, parts);
  const picard = await startInstance(env, parts);
  return { url: picard.http.url, picard, instances: [picard] };
}
