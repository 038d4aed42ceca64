import type { Door } from '../door.ts';

/** One document for any number of ids: as many look-ups as a document may have aliases. */
const AT_ONCE = 30;
const places = Array.from({ length: AT_ONCE }, (_each, index) => index);
const document = `query PresentMemories(${places.map((n) => `$id${n}: ID!`).join(' ')}) {
  viewer { user { id } }
  ${places.map((n) => `m${n}: memory(id: $id${n}) { id deletedAt owner { id } }`).join('\n  ')}
}`;

type Found = { id: string; deletedAt: string | null; owner: { id: string } } | null;
type Answer = { viewer: { user: { id: string } } } & Record<`m${number}`, Found>;

/**
 * Which of these are memories of one's own, outside the trash: an export that comes back into the account that it was
 * made from adds nothing twice.
 */
export async function presentMemories(door: Door, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const present = new Set<string>();
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const some = ids.slice(from, from + AT_ONCE);
    // The document wants all of its ids: the last one stands in for those that are over.
    const variables = places.map((n) => [`id${n}`, some[n] ?? some.at(-1)] as const);
    const { viewer, ...found } = await door.ask<Answer>(document, Object.fromEntries(variables));
    for (const memory of Object.values(found)) {
      if (memory && memory.deletedAt === null && memory.owner.id === viewer.user.id) present.add(memory.id);
    }
  }
  return present;
}
