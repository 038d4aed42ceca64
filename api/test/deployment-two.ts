import type { Picard } from '../src/start-picard.ts';
import { startInstance, type Deployed, type Env, type Parts } from './deployment-instance.ts';
import { inTurn, openAddress } from './one-address.ts';

/** Two instances on one database and one data folder, started at once. */
export async function deployTwo(env: Env, parts: Parts): Promise<Deployed> {
  const address = await openAddress();
  const publicUrl = `http://localhost:${address.url.port}`;
  const starts = await Promise.allSettled(
    [1, 2].map(() => startInstance({ PICARD_PUBLIC_URL: publicUrl, ...env }, parts)),
  );
  const instances = starts.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const closeAll = async (close: (picard: Picard) => Promise<void>): Promise<void> => {
    await Promise.all(instances.map(close));
    await address[Symbol.asyncDispose]();
  };
  const failed = starts.find((each) => each.status === 'rejected');
  const [first] = instances;
  if (failed || !first) {
    await closeAll((picard) => picard.close());
    throw failed?.reason;
  }
  address.use(inTurn(instances.map(({ http }) => http.url)));
  const picard: Picard = {
    ...first,
    // Who made the first account has its key; the other may have looked before it was written.
    firstKey: instances.map(({ firstKey }) => firstKey).find((key) => key !== null) ?? null,
    http: { ...first.http, close: () => closeAll(({ http }) => http.close()) },
    close: () => closeAll((each) => each.close()),
  };
  return { url: address.url, picard, instances };
}
