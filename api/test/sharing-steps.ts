import type { TestPicard } from './picard.ts';
import { PEOPLE, type Step, type WorldSeed } from './sharing-arbitraries.ts';
import { join, leave, removeGroup, removePerson } from './sharing-people.ts';
import { SharingWorld } from './sharing-world.ts';

const WRITERS: ReadonlySet<string> = new Set(['OWNER', 'SHARE', 'WRITE']);

export async function openWorld(picard: TestPicard, seed: WorldSeed): Promise<SharingWorld> {
  const world = new SharingWorld(picard);
  for (let count = 0; count < PEOPLE; count += 1) await world.addPerson();
  for (const members of seed.members)
    await world.addGroup(members.map((index) => at(world.people, index)?.id ?? ''));
  for (const [index, person] of world.people.entries())
    await world.submit(
      person.id,
      seed.memories.filter((_memory, place) => place % PEOPLE === index),
    );
  for (const each of seed.steps) await takeStep(world, each);
  return world;
}

const at = <Value>(all: Iterable<Value>, index: number): Value | undefined => {
  const list = [...all];
  return list[index % Math.max(1, list.length)];
};

/** Makes the change where it makes sense. */
export async function takeStep(world: SharingWorld, taken: Step): Promise<void> {
  const { model } = world;
  const memory =
    'memory' in taken && typeof taken.memory === 'number'
      ? at(model.memories.values(), taken.memory)
      : undefined;
  const group = 'group' in taken ? at(model.groups.keys(), taken.group) : undefined;
  const person = 'person' in taken ? at(model.people, taken.person) : undefined;
  const granted = 'grant' in taken ? at(model.grants.keys(), taken.grant) : undefined;
  /** A person who is not there already, or a group that the one who shares is in. */
  const grantee = (to: number, by: string, owner = by): string | undefined => {
    const people = [...model.people].filter((each) => each !== by && each !== owner);
    const groups = [...model.groups].filter(([, members]) => members.has(by)).map(([id]) => id);
    return at([...people, ...groups], to);
  };

  switch (taken.do) {
    case 'share': {
      const to = memory && grantee(taken.to, memory.owner);
      if (memory && !memory.trashed && to !== undefined)
        await world.grant({
          owner: memory.owner,
          by: memory.owner,
          on: { memory: memory.id },
          to,
          level: taken.level,
          end: taken.end,
        });
      return;
    }
    case 'shareByRule': {
      const owner = at(model.people, taken.owner) ?? '';
      const to = grantee(taken.to, owner);
      if (to !== undefined)
        await world.grant({
          owner,
          by: owner,
          on: { rule: taken.rule },
          to,
          level: taken.level,
          end: taken.end,
        });
      return;
    }
    case 'passOn': {
      const passers = memory ? [...model.people].filter((each) => model.level(each, memory) === 'SHARE') : [];
      const by = at(passers, taken.by);
      const to = memory && by !== undefined ? grantee(taken.to, by, memory.owner) : undefined;
      if (memory && by !== undefined && to !== undefined)
        await world.grant({
          owner: memory.owner,
          by,
          on: { memory: memory.id },
          to,
          level: taken.level,
          end: 'never',
        });
      return;
    }
    case 'revoke':
      if (granted !== undefined) await world.revoke(granted, taken.as);
      return;
    case 'revokeFrom': {
      const grant = granted === undefined ? undefined : model.grants.get(granted);
      if (grant && 'memory' in grant.on) await world.revokeFrom(grant.on.memory, grant.to);
      return;
    }
    case 'endGrant':
      if (granted !== undefined) await world.endGrant(granted);
      return;
    case 'show':
      if (memory) await world.show(memory.id, taken.visibility, taken.by);
      return;
    case 'describe':
      if (memory) await world.describe(memory.id, taken.change);
      return;
    case 'rewrite': {
      const writers =
        memory && [...model.people].filter((each) => WRITERS.has(model.level(each, memory) ?? ''));
      const by = at(writers ?? [], taken.by);
      if (memory && by !== undefined) await world.rewrite(memory.id, by);
      return;
    }
    case 'trash':
      if (memory && !memory.trashed) await world.trash(memory.id);
      return;
    case 'undelete': {
      const lying = at(
        [...model.memories.values()].filter(({ trashed }) => trashed),
        taken.memory,
      );
      if (lying) await world.undelete(lying.id);
      return;
    }
    case 'expire':
      if (memory) await world.expire(memory.id, taken.expiry);
      return;
    case 'submit': {
      const owner = at(model.people, taken.owner);
      if (owner !== undefined && model.memories.size < 28) await world.submit(owner, [taken.memory]);
      return;
    }
    case 'join':
      if (group !== undefined && person !== undefined) await join(world, group, person);
      return;
    case 'leave':
      if (group !== undefined && person !== undefined) await leave(world, group, person);
      return;
    case 'removeGroup':
      if (group !== undefined && model.groups.size > 1) await removeGroup(world, group);
      return;
    case 'removePerson':
      if (person !== undefined && model.people.size > 3) await removePerson(world, person);
      return;
    default:
      taken satisfies never;
  }
}
