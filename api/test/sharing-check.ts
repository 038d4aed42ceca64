import { checkEvents } from './sharing-events.ts';
import type { Asker } from './sharing-asking.ts';
import type { Path } from './sharing-path.ts';
import { paths } from './sharing-paths.ts';
import type { ModelMemory } from './sharing-model.ts';
import { findUnsettled } from './sharing-settled.ts';
import type { SharingWorld } from './sharing-world.ts';

const SOME = 4;
const MOST_REASONS = 14;

/**
 * Holds every path, for every person and every memory, against the model; answers how many such checks that were. What
 * nobody may be shown is looked for at once, what must be shown where words or vectors are to come first, after that.
 * @param reasons whether what people are told of their level, and why they see a memory, is asked too
 * @throws {Error} that names each leak and each memory withheld
 */
export async function check(world: SharingWorld, round: number, reasons = true): Promise<number> {
  const wrong: string[] = [];
  let checks = await askAll(world, round, (path) => !path.keyed, 'exactly', wrong);
  if (reasons) checks += await askReasons(world, wrong);
  const living = [...world.model.memories.values()].filter(({ trashed }) => !trashed);
  const touched = living.filter((_memory, index) => index % 3 === round % 3);
  checks += await checkEvents(world, touched, (line) => wrong.push(named(world, line)));
  checks += await askAll(world, round, (path) => path.keyed === true, 'no leak', wrong);
  await settle(world);
  checks += await askAll(world, round, (path) => path.keyed === true, 'exactly', wrong);
  for (const unsettled of await world.sql(findUnsettled)) wrong.push(named(world, JSON.stringify(unsettled)));
  if (wrong.length > 0)
    throw new Error(`${wrong.length} of ${checks} checks failed:\n${wrong.slice(0, 6).join('\n')}`);
  return checks;
}

type Rule = 'exactly' | 'no leak';

async function askAll(
  world: SharingWorld,
  round: number,
  which: (path: Path) => boolean,
  rule: Rule,
  wrong: string[],
): Promise<number> {
  const memories = [...world.model.memories.values()];
  const counts = await Promise.all(
    world.people.map(async (person, place) => {
      const asker: Asker = {
        picard: world.picard,
        person,
        model: world.model,
        memories,
        wordOf: (id) => world.wordOf(id),
        some: Array.from({ length: Math.min(SOME, memories.length) }, (_each, index) => {
          const memory = memories[(round * SOME + place + index * 5) % memories.length];
          if (!memory) throw new Error('There is no such memory');
          return memory;
        }),
      };
      let checks = 0;
      for (const path of paths.filter(which))
        checks += hold(world, asker, path, await path.ask(asker), rule, wrong);
      return checks;
    }),
  );
  return counts.reduce((sum, each) => sum + each, 0);
}

/** Every memory is looked for in every answer, whatever was asked: what an answer should not even speak of is a leak too. */
function hold(
  world: SharingWorld,
  asker: Asker,
  path: Path,
  answer: string,
  rule: Rule,
  wrong: string[],
): number {
  const { person } = asker;
  const asked = new Set(path.partial ? asker.some : asker.memories);
  const tell = (what: string, memory: ModelMemory | null): void => {
    wrong.push(
      named(
        world,
        `${path.name} ${what} for ${person.id}: ${JSON.stringify(memory)}${grantsOf(world, memory)}`,
      ),
    );
  };
  for (const memory of asker.memories) {
    const told = world.told.get(memory.id);
    if (!told) throw new Error('A memory without words');
    const shown = answer.includes(told.word) || (path.echoes !== true && answer.includes(memory.id));
    const due = asked.has(memory) && path.due(asker, memory);
    if (shown && !due) tell('leaks', memory);
    if (due && !answer.includes(told.word) && rule === 'exactly') tell('withholds', memory);
    if (memory.owner !== person.id && told.former.some((word) => answer.includes(word)))
      tell('leaks what was', memory);
  }
  if (world.lost.some((word) => answer.includes(word))) tell('leaks what is gone', null);
  return asked.size;
}

interface Reasons {
  viewer: { grants: { edges: { node: { id: string } }[] } };
  [memory: string]: unknown;
}

/** What everybody is told that they may do with each memory, and why it is seen; and which grants they made. */
async function askReasons(world: SharingWorld, wrong: string[]): Promise<number> {
  const { model, picard } = world;
  const memories = [...model.memories.values()];
  const half = Math.ceil(memories.length / 2);
  for (const { id: person, key } of world.people) {
    const document = (part: readonly ModelMemory[]): string => `{
      viewer { grants(first: 100) { edges { node { id } } } }
      ${part.map(({ id }, index) => `m${memories.indexOf(part[index] as ModelMemory)}: memory(id: "${id}") { ...Reasons }`).join(' ')} }
      fragment Reasons on Memory { viewerLevel access(first: ${MOST_REASONS}) { edges { node { grant { id } } } } }`;
    const told = {
      ...(await picard.data<Reasons>(document(memories.slice(0, half)), {}, key)),
      ...(await picard.data<Reasons>(document(memories.slice(half)), {}, key)),
    };
    for (const [index, memory] of memories.entries()) {
      const shown = told[`m${index}`] as {
        viewerLevel: string;
        access: { edges: { node: { grant: { id: string } | null } }[] };
      } | null;
      const expected = model.level(person, memory);
      if ((shown?.viewerLevel ?? null) !== expected)
        wrong.push(
          named(
            world,
            `${person} is told ${shown?.viewerLevel}, not ${expected}: ${JSON.stringify(memory)}${grantsOf(world, memory)}`,
          ),
        );
      if (!shown || !model.lists(person, memory)) continue;
      const grants = shown.access.edges.flatMap(({ node }) => node.grant?.id ?? []).sort();
      const due = model.reasons(person, memory).sort();
      if (shown.access.edges.length < MOST_REASONS && JSON.stringify(grants) !== JSON.stringify(due))
        wrong.push(
          named(
            world,
            `${person} is told of ${grants.join(' ')}, not of ${due.join(' ')}: ${JSON.stringify(memory)}${grantsOf(world, memory)}`,
          ),
        );
    }
    const made = told.viewer.grants.edges.map(({ node }) => node.id).sort();
    const living = [...model.grants]
      .filter(([, { by, end }]) => by === person && end !== 'over')
      .map(([id]) => id);
    if (JSON.stringify(made) !== JSON.stringify(living.sort()))
      wrong.push(named(world, `${person} made ${made.join(' ')}, not ${living.join(' ')}`));
  }
  return world.people.length * (memories.length + 1);
}

function grantsOf({ model }: SharingWorld, memory: ModelMemory | null): string {
  const grants = [...model.grants].filter(([, { owner }]) => owner === memory?.owner);
  const groups = [...model.groups].map(([id, members]) => `${id}: ${[...members].join(' ')}`);
  return `\n  grants ${JSON.stringify(grants)}\n  groups ${groups.join('; ')}`;
}

/** With names in place of ids, to be read. */
function named({ model }: SharingWorld, line: string): string {
  const names = [model.people, model.groups.keys(), model.memories.keys(), model.grants.keys()].flatMap(
    (ids, kind) =>
      [...ids].map(
        (id, index) => [id, `${['person', 'group', 'memory', 'grant'][kind] ?? ''}-${index + 1}`] as const,
      ),
  );
  return names.reduce((text, [id, name]) => text.replaceAll(id, name), line);
}

/** Until every word is keyed and every text has its vectors. */
export async function settle(world: SharingWorld): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const [row] = await world.sql(
      (sql) => sql<{ waiting: number }[]>`
        select (select count(*) from pending_keywords)::integer
          + (select count(*) from pending_embeddings)::integer as waiting`,
    );
    if (row?.waiting === 0) return;
    if (Date.now() > deadline) throw new Error(`${row?.waiting} words and vectors are still to come`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
