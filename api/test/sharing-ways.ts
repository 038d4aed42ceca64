import type { Somebody } from './groups-stage.ts';
import { leave, remove, removeGroup, removePerson } from './sharing-people.ts';
import type { SharingWorld } from './sharing-world.ts';

/** An owner with a memory; a group of an owner of its own, with a passer and a reader. */
export interface Cast {
  world: SharingWorld;
  owner: Somebody;
  head: Somebody;
  passer: Somebody;
  reader: Somebody;
  group: string;
  memory: string;
}

export interface Way {
  /** Answers what the end needs to know. */
  letIn(cast: Cast): Promise<string | void>;
  end(cast: Cast, grant: string): Promise<unknown>;
}
const to =
  (whom: 'reader' | 'passer' | 'group', level: 'READ' | 'SHARE' = 'READ') =>
  (cast: Cast) =>
    cast.world.grant({
      owner: cast.owner.id,
      by: cast.owner.id,
      on: { memory: cast.memory },
      to: whom === 'group' ? cast.group : cast[whom].id,
      level,
      end: 'never',
    });
const byRule = (cast: Cast) =>
  cast.world.grant({
    owner: cast.owner.id,
    by: cast.owner.id,
    on: { rule: { tags: ['red'] } },
    to: cast.reader.id,
    level: 'READ',
    end: 'never',
  });
const passedOn = (whom: 'passer' | 'group') => async (cast: Cast) => {
  const first = await to(whom, 'SHARE')(cast);
  if (whom === 'group') await leave(cast.world, cast.group, cast.reader.id);
  await cast.world.grant({
    owner: cast.owner.id,
    by: cast.passer.id,
    on: { memory: cast.memory },
    to: cast.reader.id,
    level: 'READ',
    end: 'never',
  });
  return first;
};

export const ways: Record<string, Way> = {
  'the grant is revoked': { letIn: to('reader'), end: ({ world }, grant) => world.revoke(grant) },
  'what they have directly is revoked': {
    letIn: to('reader'),
    end: ({ world, memory, reader }) => world.revokeFrom(memory, reader.id),
  },
  'the grant to their group is revoked': {
    letIn: to('group'),
    end: ({ world }, grant) => world.revoke(grant),
  },
  'they are removed from the group': {
    letIn: to('group'),
    end: ({ world, group, head, reader }) => remove(world, group, head.id, reader.id),
  },
  'they leave the group': {
    letIn: to('group'),
    end: ({ world, group, reader }) => leave(world, group, reader.id),
  },
  'the group is deleted': { letIn: to('group'), end: ({ world, group }) => removeGroup(world, group) },
  'the rule is revoked': { letIn: byRule, end: ({ world }, grant) => world.revoke(grant) },
  'it fits the rule no longer': {
    letIn: byRule,
    end: ({ world, memory }) => world.describe(memory, { tags: ['blue'] }),
  },
  'it becomes private': { letIn: to('reader'), end: ({ world, memory }) => world.show(memory, 'PRIVATE') },
  'it becomes private by permissions': {
    letIn: to('group'),
    end: ({ world, memory }) => world.show(memory, 'PRIVATE', 'permissions'),
  },
  'it is public no longer': {
    letIn: ({ world, memory }) => world.show(memory, 'PUBLIC'),
    end: ({ world, memory }) => world.show(memory, 'SHARED'),
  },
  'it is trashed': { letIn: to('reader'), end: ({ world, memory }) => world.trash(memory) },
  'it expires': { letIn: to('reader'), end: ({ world, memory }) => world.expire(memory, 'over') },
  'what it was passed on from is revoked': {
    letIn: passedOn('passer'),
    end: ({ world }, grant) => world.revoke(grant),
  },
  'who passed it on leaves the group': {
    letIn: passedOn('group'),
    end: ({ world, group, passer }) => leave(world, group, passer.id),
  },
  'who passed it on goes': {
    letIn: passedOn('passer'),
    end: ({ world, passer }) => removePerson(world, passer.id),
  },
  'its owner goes': { letIn: to('reader'), end: ({ world, owner }) => removePerson(world, owner.id) },
};
