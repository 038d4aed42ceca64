import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Somebody } from './groups-stage.ts';
import { hosts } from './mcp-hosts.ts';
import { present } from './memories-operations.ts';
import { startTestPicard, type TestPicard } from './picard.ts';
import { settle } from './sharing-check.ts';
import type { Asker } from './sharing-asking.ts';
import type { Path } from './sharing-path.ts';
import { paths } from './sharing-paths.ts';
import { ways, type Cast } from './sharing-ways.ts';
import { SharingWorld } from './sharing-world.ts';

/** Each round asks by every path for every way to lose a memory. */
const ROUNDS = Math.ceil(Number(process.env['PICARD_FAULT_ROUNDS'] || 5) / 5);

let picard: TestPicard;
beforeAll(async () => {
  picard = await startTestPicard({ embedding: 'local' });
});
afterAll(() => picard[Symbol.asyncDispose]());

const NAMES = [
  'memories()',
  'memories(text: "harbour tide")',
  'User.memories',
  'memory(id)',
  'node(id)',
  'searchMemories WORDS',
  'searchMemories HYBRID',
  'relatedMemories to what may be read',
  'Viewer.tags',
  'get_memory',
  'get_memories',
  'query_memory',
  'memories://{id}',
  'users://{id}/memories',
  'REST get_memories',
];
const asked = NAMES.map((name) => present(paths.find((path) => path.name === name)));

/** A host that stays connected, whose session might remember. */
async function session(reader: Somebody): Promise<AsyncDisposable & { paths: Pick<Path, 'name' | 'ask'>[] }> {
  const host = present(hosts.find(({ transport, era }) => transport === 'http' && era === '2025-11-25'));
  const client = await host.connect({ url: picard.url, key: reader.key });
  const told = (answer: Promise<unknown>) => answer.then((value) => JSON.stringify(value), String);
  return {
    paths: [
      {
        name: 'get_memory in a session',
        ask: ({ some: [memory] }) =>
          told(client.callTool({ name: 'get_memory', arguments: { memory_id: memory?.id } })),
      },
      {
        name: 'memories://{id} in a session',
        ask: ({ some: [memory] }) => told(client.readResource({ uri: `memories://${memory?.id}` })),
      },
    ],
    [Symbol.asyncDispose]: () => client.close(),
  };
}

async function open(): Promise<Cast> {
  const world = new SharingWorld(picard);
  for (let count = 0; count < 4; count += 1) await world.addPerson();
  const [owner, head, passer, reader] = world.people as [Somebody, Somebody, Somebody, Somebody];
  // The owner is in it too, for one shares with one's own groups.
  await world.addGroup([owner.id, head.id, passer.id, reader.id]);
  const [group] = world.model.groups.keys();
  await world.submit(owner.id, [
    {
      tags: ['red'],
      kind: 'NOTE',
      source: null,
      thread: null,
      visibility: 'SHARED',
      expiry: 'never',
      trashed: false,
    },
  ]);
  const [memory] = world.model.memories.keys();
  return { world, owner, head, passer, reader, group: present(group), memory: present(memory) };
}

describe.each(Object.keys(ways))('%s', (name) => {
  test.each(Array.from({ length: ROUNDS }, (_each, round) => round))(
    'no request that begins after that shows it (%i)',
    async () => {
      const cast = await open();
      const { world, reader, memory } = cast;
      const way = present(ways[name]);
      const grant = (await way.letIn(cast)) ?? '';
      await settle(world);
      const word = world.wordOf(memory);
      const asker: Asker = {
        picard,
        person: reader,
        model: world.model,
        memories: [world.memory(memory)],
        some: [world.memory(memory)],
        wordOf: () => word,
      };
      await using host = await session(reader);

      let ended = false;
      const leaks: string[] = [];
      const begun: Promise<void>[] = [];
      const loops = [...asked, ...host.paths].map(async (path) => {
        const first = Promise.withResolvers<void>();
        begun.push(first.promise);
        let shown = 0;
        for (let after = 0; after < 2;) {
          const late = ended;
          const answer = await path.ask(asker).catch((error: unknown) => {
            // A memory whose owner goes before the owner is asked for.
            if (late || name !== 'its owner goes') throw error;
            return '';
          });
          if (answer.includes(word) && late) leaks.push(path.name);
          if (answer.includes(word)) shown += 1;
          if (late) after += 1;
          first.resolve();
        }
        // Or else it could not have leaked.
        expect([path.name, shown > 0]).toEqual([path.name, true]);
      });
      await Promise.all(begun);
      await way.end(cast, grant);
      ended = true;
      await Promise.all(loops);
      expect(leaks).toEqual([]);
      await world.clear();
    },
    60_000,
  );
});
