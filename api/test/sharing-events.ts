import { subscribe, type Change } from './events-subscriber.ts';
import { memoriesOf, present } from './memories-operations.ts';
import type { ModelMemory } from './sharing-model.ts';
import type { SharingWorld } from './sharing-world.ts';

const markers = new Map<string, string>();

/** A memory of their own that nobody else is ever shown, to tell when all that was told before has been heard. */
async function markerOf(world: SharingWorld, { id, key }: { id: string; key: string }): Promise<string> {
  const there = markers.get(id);
  if (there !== undefined) return there;
  const { id: made } = await memoriesOf(world.picard, key).keep({ text: 'So far', visibility: 'PRIVATE' });
  markers.set(id, made);
  return made;
}

/**
 * While everybody follows what they may see, the owners touch some of the memories: who may see one hears of it and reads
 * it, who may not hears nothing. Answers how many such checks that were.
 */
export async function checkEvents(
  world: SharingWorld,
  touched: readonly ModelMemory[],
  tell: (wrong: string) => void,
): Promise<number> {
  const { model, picard } = world;
  const people = [...world.people];
  for (const person of people) await markerOf(world, person);
  const streams = await Promise.all(people.map(({ key }) => subscribe(picard, key)));
  try {
    for (const memory of touched) await world.touch(memory.id);
    for (const [index, person] of people.entries()) {
      const marker = await markerOf(world, person);
      const at = new Date(Math.floor(Math.random() * 1e12)).toISOString();
      const { message } = await memoriesOf(picard, person.key).update({ id: marker, occurredAt: at });
      if (message !== undefined) throw new Error(message);
      const heard: Change[] = [];
      for (;;) {
        const change = await present(streams[index]).next();
        if (change.memoryId === marker) break;
        heard.push(change);
      }
      for (const memory of touched) {
        const told = heard.filter(({ memoryId }) => memoryId === memory.id);
        const due = model.opens(person.id, memory);
        const read = told.some((change) => change.memory?.text.includes(world.wordOf(memory.id)) === true);
        if (told.length > 0 !== due || read !== due)
          tell(
            `memoryChanged tells ${person.id} ${JSON.stringify(told)}, ${due ? '' : 'not '}due: ${JSON.stringify(memory)}`,
          );
      }
    }
    return people.length * touched.length;
  } finally {
    for (const stream of streams) await stream[Symbol.asyncDispose]();
  }
}
