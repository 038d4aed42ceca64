import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { ReadLog } from '../src/reads/read-log.ts';
import { OauthStage } from './oauth-stage.ts';
import { startTestPicard, type TestPicard } from './picard.ts';
import { ReadsStage } from './reads-stage.ts';
import { deleteAccount } from '../src/accounts/delete-account.ts';
import { signedIn } from './accounts-people.ts';

const rows = (picard: TestPicard) =>
  picard.picard.services.database.asOwner(
    (sql) => sql<{ memoryId: string; readerId: string | null; appId: string; count: number }[]>`
      select memory_id, reader_id, app_id, count::integer as count from memory_reads`,
  );

describe('N5 how reads are written', () => {
  test('N5 what was read just before a stop is written by it', async () => {
    await using first = await startTestPicard();
    const stage = new ReadsStage(first);
    const key = await first.account('ada');
    const id = await stage.submit(key, 'Ada stops.');
    await Promise.all(Array.from({ length: 8 }, () => stage.read(key, id)));
    await first.picard.close();
    await using second = await startTestPicard({ database: first.database });
    const seen = await new ReadsStage(second).seen(key, id);
    expect(seen?.reduce((sum, { count }) => sum + count, 0)).toBe(8);
  });

  test('N5 reads succeed while nothing can be noted, and are noted when it can be again', async () => {
    await using picard = await startTestPicard({ deployment: 'one' });
    const stage = new ReadsStage(picard);
    const key = await picard.account('ada');
    const id = await stage.submit(key, 'Ada waits.');
    const { database } = picard.picard.services;
    await database.asOwner((sql) => sql`revoke insert on memory_reads from picard_jobs`);
    await stage.read(key, id);
    await stage.settle();
    await stage.read(key, id);
    expect(await rows(picard)).toEqual([]);
    await database.asOwner((sql) => sql`grant insert on memory_reads to picard_jobs`);
    const seen = await stage.seen(key, id);
    expect(seen?.reduce((sum, { count }) => sum + count, 0)).toBe(2);
  });

  test('N5 beyond its bound it notes no more, and says how many it missed', async () => {
    await using picard = await startTestPicard({ deployment: 'one' });
    const stage = new ReadsStage(picard);
    const key = await picard.account('ada');
    const ids = [
      await stage.submit(key, 'One'),
      await stage.submit(key, 'Two'),
      await stage.submit(key, 'Three'),
    ];
    const ownerId = await stage.idOf(key);
    const lines: string[] = [];
    const logger = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) });
    const log = new ReadLog({ database: picard.picard.services.database, logger }, 2);
    const reads = log.by({ account: ownerId, credential: 'key', credentialId: 'a-key', face: 'mcp' });
    for (const id of [...ids, ...ids]) reads.note({ ownerId, id }, 'LOOKUP');
    await log.close();
    expect((await rows(picard)).map(({ memoryId, count }) => [memoryId, count]).toSorted()).toEqual(
      [
        [ids[0], 2],
        [ids[1], 2],
      ].toSorted(),
    );
    expect(lines.map((line) => JSON.parse(line).missed)).toEqual([2]);
    expect(lines.join()).not.toContain(ownerId);
  });

  test('N5 a memory or a reader that is gone meanwhile holds up no other', async () => {
    await using picard = await startTestPicard({ deployment: 'one' });
    const stage = new ReadsStage(picard);
    const key = await picard.account('ada');
    const ownerId = await stage.idOf(key);
    const id = await stage.submit(key, 'Ada stays.');
    const { services } = picard.picard;
    const note = (account: string, memoryId: string) =>
      services.reads
        .by({ account, credential: 'token', credentialId: 'an-app', face: 'mcp' })
        .note({ ownerId, id: memoryId }, 'LOOKUP');
    note(ownerId, crypto.randomUUID());
    note(crypto.randomUUID(), id);
    note(ownerId, id);
    await services.reads.flush();
    expect(await rows(picard)).toEqual([{ memoryId: id, readerId: ownerId, appId: 'an-app', count: 1 }]);
  });

  test('N5 a reader whose account is gone is gone from it, and nothing tells two of them apart', async () => {
    await using picard = await startTestPicard({ deployment: 'one' });
    const stage = new ReadsStage(picard);
    const [ada, bob, cleo] = [
      await picard.account('ada'),
      await picard.account('bob'),
      await picard.account('cleo'),
    ];
    const id = await stage.submit(ada, 'Ada is read.');
    const ownerId = await stage.idOf(ada);
    for (const key of [bob, cleo]) {
      const leaver = signedIn(await stage.idOf(key));
      const actor = {
        account: leaver.id,
        credential: 'token',
        credentialId: `app-of-${leaver.id}`,
        face: 'mcp',
      } as const;
      picard.picard.services.reads.by(actor).note({ ownerId, id }, 'LOOKUP');
      await stage.settle();
      expect(await stage.seen(ada, id)).toContainEqual(
        expect.objectContaining({
          reader: { id: leaver.id, handle: key === bob ? 'bob' : 'cleo' },
          app: { kind: 'APP', id: `app-of-${leaver.id}`, name: null },
        }),
      );
      await deleteAccount(picard.picard.services, leaver, key === bob ? 'bob' : 'cleo');
    }
    const gone = { reader: null, app: { kind: 'APP', id: null, name: null }, count: 1 };
    expect(await stage.seen(ada, id)).toMatchObject([gone, gone]);
    expect((await rows(picard)).map(({ readerId, appId }) => [readerId, appId])).toEqual([
      [null, ''],
      [null, ''],
    ]);
  });

  test('N5 an app is told by the name that its owner knows it by', async () => {
    await using oauth = await OauthStage.open();
    const stage = new ReadsStage(oauth.picard);
    const clientId = await oauth.host();
    const { access_token: token } = await oauth.tokens(clientId);
    const id = await stage.submit(token, 'Ada lets an app in.');
    await stage.read(token, id);
    expect(await stage.seen(token, id)).toMatchObject([
      { reader: { handle: 'ada' }, app: { kind: 'APP', id: clientId, name: 'Host' }, face: 'GRAPHQL' },
    ]);
  });
});
