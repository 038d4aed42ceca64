import { GroupNotFound } from '../groups/errors-schema.ts';
import { pageArguments, pageByTime } from '../schema/pages-by-time.ts';
import { builder } from '../schema/builder.ts';
import { notes } from '../schema/notes.ts';
import { pageInfo, PageInfo, type Page } from '../schema/pagination.ts';
import { orNamedError, resultType } from '../schema/user-error.ts';
import { Administration, LOOK_AFTER } from './administration-schema.ts';
import { GroupNotFound as GroupNotFoundClass } from './errors.ts';
import { listGroups, type ManagedGroup as ManagedGroupShape } from './list-groups.ts';
import { removeGroup } from './remove-group.ts';

const ManagedGroup = builder.objectRef<ManagedGroupShape>('ManagedGroup').implement({
  description: 'A group as an administrator sees it.',
  fields: (t) => ({
    id: t.exposeID('id'),
    name: t.exposeString('name'),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    memberCount: t.int({ resolve: ({ members }) => members }),
  }),
});
const ManagedGroupEdge = builder
  .objectRef<{ cursor: string; node: ManagedGroupShape }>('ManagedGroupEdge')
  .implement({
    fields: (t) => ({ cursor: t.exposeString('cursor'), node: t.expose('node', { type: ManagedGroup }) }),
  });
const ManagedGroupConnection = builder
  .objectRef<Page<ManagedGroupShape>>('ManagedGroupConnection')
  .implement({
    fields: (t) => ({
      edges: t.expose('edges', { type: [ManagedGroupEdge] }),
      pageInfo: t.field({ type: PageInfo, resolve: pageInfo }),
    }),
  });

builder.objectField(Administration, 'groups', (t) =>
  t.withAuth(LOOK_AFTER).field({
    type: ManagedGroupConnection,
    description: 'All groups, the newest first.',
    args: { ...pageArguments, search: t.arg.string({ description: 'A part of the name.' }) },
    extensions: notes({ sizedBy: 'first' }),
    resolve: (_root, { search, ...args }, { services, viewer }) =>
      pageByTime(
        args,
        (after, limit) => listGroups(services, viewer, search, after, limit),
        ({ createdAt, id }) => ({ at: createdAt, id }),
      ),
  }),
);

const RemoveGroupInput = builder.inputType('RemoveGroupInput', {
  fields: (t) => ({ groupId: t.id({ required: true }) }),
});
const RemoveGroupPayload = builder.objectRef<{ groupId: string }>('RemoveGroupPayload').implement({
  fields: (t) => ({ groupId: t.exposeID('groupId') }),
});

builder.mutationField('removeGroup', (t) =>
  t.withAuth(LOOK_AFTER).field({
    type: builder.unionType('RemoveGroupResult', {
      types: [RemoveGroupPayload, GroupNotFound],
      resolveType: resultType('RemoveGroupPayload'),
    }),
    description:
      'Remove a group, whoever owns it, with its memberships and invitations. What was shared with it is shared no longer; ' +
      'the memories stay their owners’. A group’s own members use `deleteGroup`.',
    args: { input: t.arg({ type: RemoveGroupInput, required: true }) },
    extensions: notes({ cost: 10, effects: { destructive: true } }),
    resolve: (_root, { input }, { services, viewer }) =>
      orNamedError([GroupNotFoundClass], async () => {
        await removeGroup(services, viewer, input.groupId);
        return { groupId: input.groupId };
      }),
  }),
);
