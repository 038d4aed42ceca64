import { ask, signedIn } from './accounts-people.ts';
import { present } from './memories-operations.ts';
import { expectPayload, type SharingWorld } from './sharing-world.ts';

export async function join(world: SharingWorld, group: string, person: string): Promise<void> {
  if (world.membersOf(group).has(person)) return;
  await world.sql(
    (sql) => sql`
      insert into group_members (group_id, user_id, role) values (${group}, ${person}, 'owner')`,
  );
  world.membersOf(group).add(person);
}

export async function leave(world: SharingWorld, group: string, person: string): Promise<void> {
  const members = world.membersOf(group);
  if (!members.has(person) || members.size === 1) return;
  expectPayload(await world.stage.does(world.person(person), 'leaveGroup', { groupId: group }));
  members.delete(person);
}

export async function remove(world: SharingWorld, group: string, by: string, person: string): Promise<void> {
  const input = { groupId: group, userId: person };
  expectPayload(await world.stage.does(world.person(by), 'removeGroupMember', input));
  world.membersOf(group).delete(person);
}

export async function removeGroup(world: SharingWorld, group: string): Promise<void> {
  const [owner] = world.membersOf(group);
  if (owner === undefined) return;
  expectPayload(await world.stage.does(world.person(owner), 'deleteGroup', { groupId: group }));
  world.model.removeGroup(group);
}

export async function removePerson(world: SharingWorld, id: string): Promise<void> {
  const person = world.person(id);
  expectPayload(
    await ask(
      world.picard,
      signedIn(id),
      'mutation ($handle: String!) { deleteAccount(input: { handle: $handle }) { __typename } }',
      { handle: person.handle },
    ),
  );
  world.people.splice(world.people.indexOf(person), 1);
  for (const { id: memory, owner } of world.model.memories.values()) {
    if (owner !== id) continue;
    const { word, former } = present(world.told.get(memory));
    world.lost.push(word, ...former);
    world.told.delete(memory);
  }
  world.model.removePerson(id);
  for (const [group, members] of world.model.groups) if (members.size === 0) world.model.removeGroup(group);
}
