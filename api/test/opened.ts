import { afterAll, beforeAll } from 'vitest';

/** One stage for all tests of a file or block, opened before them and closed after; answers how to come by it. */
export function opened<Stage extends AsyncDisposable>(open: () => Promise<Stage>): () => Stage {
  let stage: Stage | undefined;
  beforeAll(async () => {
    stage = await open();
  });
  afterAll(() => stage?.[Symbol.asyncDispose]());
  return () => {
    if (!stage) throw new Error('The stage opens before the first test, not before');
    return stage;
  };
}
