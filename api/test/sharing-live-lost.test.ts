import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openDatabase } from '../src/storage/database.ts';
import { Events, type AudienceEvent } from '../src/storage/events.ts';
import { startTestPicard, type TestPicard } from './picard.ts';
import { LiveStage } from './sharing-live-stage.ts';
import { startProxy } from './storage-proxy.ts';

let picard: TestPicard;
let stage: LiveStage;
beforeAll(async () => {
  picard = await startTestPicard({ embedding: 'none' });
  stage = new LiveStage(picard, picard);
});
afterAll(() => picard[Symbol.asyncDispose]());

describe.runIf(process.env['PICARD_TEST_DATABASE_URL'])('a process that was without its database', () => {
  test('knows afterwards who came into groups and left them meanwhile', async () => {
    const [ada, bob] = await stage.people(1, 1);
    const [left, joined] = [
      await stage.groups.settled([ada, 'owner'], [bob, 'member']),
      await stage.groups.settled([ada, 'owner']),
    ];
    await using proxy = await startProxy(new URL(picard.database.databaseUrl ?? ''));
    const through = await openDatabase({ url: proxy.url });
    const stop = new AbortController();
    try {
      const events = await Events.open(through);
      const follow = events.follow(bob.id, stop.signal);
      await events.known(bob.id);
      const heard: string[] = [];
      const reading = (async () => {
        for await (const event of follow) heard.push((event as AudienceEvent).ownerId ?? '');
      })();
      const tell = (mark: string, ...audienceIds: string[]) => {
        const event = JSON.stringify({ kind: 'UPDATED', ownerId: mark, memoryIds: [], audienceIds });
        return picard.picard.services.database.asOwner(
          (sql) => sql`select pg_notify('picard_memories', ${event})`,
        );
      };
      await tell('before', left);
      await vi.waitFor(() => expect(heard).toEqual(['before']), { timeout: 20_000 });
      proxy.refuse();
      await stage.groups.does(bob, 'leaveGroup', { groupId: left });
      await stage.groups.join(ada, joined, bob);
      proxy.accept();
      await vi.waitFor(
        async () => {
          await tell('left', left);
          await tell('joined', joined);
          expect(heard).toContain('joined');
        },
        { timeout: 20_000, interval: 200 },
      );
      expect(heard).not.toContain('left');
      stop.abort();
      await reading;
    } finally {
      stop.abort();
      await through.close();
    }
  });
});
