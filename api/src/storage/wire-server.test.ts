import { Duplex } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import postgres from 'postgres';
import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { WireServer, type WireConnection } from './wire-server.ts';

let pglite: PGlite;
let server: WireServer;
beforeAll(async () => {
  pglite = await PGlite.create();
  server = new WireServer(pglite);
});
afterAll(() => pglite.close());
beforeEach(() => pglite.exec('drop table if exists t; create table t (n integer primary key)'));

const message = (type: string, ...parts: (string | Buffer)[]): Buffer => {
  const body = Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(`${part}\0`) : part)),
  );
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return type === '' ? Buffer.concat([head.subarray(1), body]) : Buffer.concat([head, body]);
};
const startUp = message(
  '',
  Buffer.from([0, 3, 0, 0]),
  'user',
  'postgres',
  'database',
  'postgres',
  Buffer.of(0),
);
const ask = (sql: string): Buffer => message('Q', sql);

/** A connection whose answers are read as `type letter: content`. */
async function open() {
  const received: Buffer[] = [];
  const connection = server.connect((bytes) => received.push(Buffer.from(bytes)));
  await connection.receive(startUp);
  received.length = 0;
  return {
    connection,
    /** The types of the messages that came since the last time. */
    types: () =>
      messagesOf(received.splice(0))
        .map(({ type }) => type)
        .filter((type) => type !== 'S') // ParameterStatus
        .join(''),
    messages: () => messagesOf(received.splice(0)),
  };
}

function messagesOf(chunks: readonly Buffer[]): { type: string; body: string }[] {
  const all = Buffer.concat(chunks);
  const found: { type: string; body: string }[] = [];
  for (let at = 0; at < all.length;) {
    const size = 1 + all.readInt32BE(at + 1);
    found.push({ type: String.fromCharCode(all[at] ?? 0), body: all.toString('latin1', at + 5, at + size) });
    at += size;
  }
  return found;
}

const rows = async (): Promise<unknown[]> =>
  (await pglite.query<{ n: number }>('select n from t order by n')).rows.map(({ n }) => n);

test('a message that arrives byte by byte is answered once it is whole', async () => {
  const { connection, types } = await open();
  const bytes = ask('select 1');
  for (const byte of bytes.subarray(0, -1)) await connection.receive(Buffer.of(byte));
  expect(types()).toBe('');
  await connection.receive(bytes.subarray(-1));
  expect(types()).toBe('TDCZ');
});

test('many messages in one piece are answered each, in order, and a piece of the next one waits', async () => {
  const { connection, messages } = await open();
  const all = Buffer.concat([ask('select 11'), ask('select 22'), ask('select 33')]);
  await connection.receive(all.subarray(0, -4));
  await connection.receive(all.subarray(-4));
  const answers = messages()
    .filter(({ type }) => type === 'D')
    .map(({ body }) => body.slice(-2));
  expect(answers).toEqual(['11', '22', '33']);
});

test('statements of other connections wait until a transaction has ended', async () => {
  const [a, b] = [await open(), await open()];
  await a.connection.receive(ask('begin'));
  const waits = b.connection.receive(ask('select count(*) from t'));
  await a.connection.receive(ask('insert into t values (1)'));
  expect(b.types()).toBe('');
  await a.connection.receive(ask('commit'));
  await waits;
  expect(
    b
      .messages()
      .find(({ type }) => type === 'D')
      ?.body.at(-1),
  ).toBe('1');
});

test('an error inside a transaction keeps the turn until it is rolled back', async () => {
  const [a, b] = [await open(), await open()];
  await a.connection.receive(ask('begin; insert into t values (1)'));
  await a.connection.receive(ask('select 1/0'));
  expect(a.types()).toContain('E');
  const waits = b.connection.receive(ask('insert into t values (2)'));
  await a.connection.receive(ask('insert into t values (3)'));
  expect(a.messages()[0]?.body).toContain('25P02');
  await a.connection.receive(ask('rollback'));
  await waits;
  expect(await rows()).toEqual([2]);
});

test.each([
  ['in a transaction', 'begin; insert into t values (1)'],
  ['in a transaction that has failed', 'begin; insert into t values (1); select 1/0'],
])('a connection that goes %s is rolled back and frees the turn', async (_when, sql) => {
  const [a, b] = [await open(), await open()];
  await a.connection.receive(ask(sql));
  const waits = b.connection.receive(ask('insert into t values (2)'));
  await a.connection.close();
  await waits;
  expect(await rows()).toEqual([2]);
});

test('a connection that goes while it waits for its turn takes none, and nothing of it is done', async () => {
  const [a, b, c] = [await open(), await open(), await open()];
  await a.connection.receive(ask('begin; insert into t values (1)'));
  const given = b.connection.receive(ask('insert into t values (2)'));
  // Until it stands in the queue.
  await setImmediate();
  const gone = b.connection.close();
  const waits = c.connection.receive(ask('insert into t values (3)'));
  await a.connection.receive(ask('commit'));
  await Promise.all([given, gone, waits]);
  expect(await rows()).toEqual([1, 3]);
});

test('the end of a connection may come in one piece with its last statement', async () => {
  const [a, b] = [await open(), await open()];
  await a.connection.receive(Buffer.concat([ask('insert into t values (1)'), message('X')]));
  await b.connection.receive(ask('insert into t values (2)'));
  expect(await rows()).toEqual([1, 2]);
});

test('every connection hears a notification, and nobody hears one that was rolled back', async () => {
  const [a, b] = [await open(), await open()];
  await a.connection.receive(ask('listen news'));
  await b.connection.receive(ask("begin; notify news, 'never'; rollback"));
  await b.connection.receive(ask("notify news, 'now'"));
  for (const { messages } of [a, b]) {
    const heard = messages().filter(({ type }) => type === 'A');
    expect(heard.map(({ body }) => body.slice(4))).toEqual(['news\0now\0']);
  }
  await b.connection.receive(ask('unlisten *'));
});

test('eight drivers that mix their transactions come to the right totals', async () => {
  const drivers = Array.from({ length: 8 }, () => driver());
  await pglite.exec(
    'drop table if exists accounts; create table accounts (id integer primary key, balance integer)',
  );
  await pglite.exec('insert into accounts select n, 1000 from generate_series(0, 9) n');
  let undone = 0;
  const work = async (sql: postgres.Sql, seed: number): Promise<void> => {
    for (let step = 0; step < 60; step += 1) {
      const [from, to] = [(seed + step) % 10, (seed + step * 7 + 1) % 10];
      const move = sql.begin(async (transaction) => {
        await transaction`update accounts set balance = balance - ${step} where id = ${from}`;
        if (step % 9 === 4) throw new Error('changed my mind');
        if (step % 9 === 5) await transaction`select 1 / ${0}::integer`;
        await transaction`update accounts set balance = balance + ${step} where id = ${to}`;
      });
      await move.catch(() => (undone += 1));
      const [sum] = await sql<{ total: number }[]>`select sum(balance)::integer as total from accounts`;
      expect(sum?.total).toBe(10_000);
    }
  };
  await Promise.all(drivers.map((sql, seed) => work(sql, seed)));
  const steps = [...Array(60).keys()].filter((step) => step % 9 === 4 || step % 9 === 5).length;
  expect(undone).toBe(8 * steps);
  await Promise.all(drivers.map((sql) => sql.end()));
});

/** The real driver over a connection of the server. */
function driver(): postgres.Sql {
  const options: object = { user: 'postgres', database: 'postgres', max: 1, socket: () => socketOf(server) };
  return postgres(options);
}

function socketOf(from: WireServer): Duplex {
  const connection: WireConnection = from.connect((bytes) => socket.push(Buffer.from(bytes)));
  const socket = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      connection.receive(chunk).then(() => done(), done);
    },
    final(done) {
      connection.close().then(() => done(), done);
      socket.push(null);
    },
  });
  return Object.assign(socket, { readyState: 'open' });
}
