import { Viewer } from '../accounts/schema.ts';
import { builder } from '../schema/builder.ts';
import { findNodeBy, Node } from '../schema/node.ts';
import { notes } from '../schema/notes.ts';
import { pageInfo, PageInfo, type Page } from '../schema/pagination.ts';
import { findGroup } from './find-group.ts';
import { MAX_GROUPS, type Group as GroupShape } from './group.ts';
import { listGroups } from './list-groups.ts';
import { pageArguments, pageByTime } from '../schema/pages-by-time.ts';
import { GroupRole } from './role-schema.ts';

export const Group = builder.objectRef<GroupShape>('Group').implement({
  description: 'People with whom memories can be shared at once. Only whoever is in a group knows of it.',
  interfaces: [Node],
  fields: (t) => ({
    name: t.exposeString('name'),
    about: t.exposeString('about', { description: 'What it is for; may be empty.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    memberCount: t.exposeInt('memberCount'),
    viewerRole: t.expose('viewerRole', { type: GroupRole, description: 'What you may do in it.' }),
  }),
});

findNodeBy('Group', findGroup);

const GroupEdge = builder.objectRef<{ cursor: string; node: GroupShape }>('GroupEdge').implement({
  fields: (t) => ({ cursor: t.exposeString('cursor'), node: t.expose('node', { type: Group }) }),
});
const GroupConnection = builder.objectRef<Page<GroupShape>>('GroupConnection').implement({
  fields: (t) => ({
    edges: t.expose('edges', { type: [GroupEdge] }),
    pageInfo: t.field({ type: PageInfo, resolve: pageInfo }),
  }),
});

builder.objectField(Viewer, 'groups', (t) =>
  t.withAuth({ scope: 'memories:read' }).field({
    type: GroupConnection,
    description: `The groups you are in, the last one you joined first; at most ${MAX_GROUPS}.`,
    args: pageArguments,
    extensions: notes({ sizedBy: 'first' }),
    resolve: (_viewer, args, { services, viewer }) =>
      pageByTime(
        args,
        (after, limit) => listGroups(services, viewer, after, limit),
        ({ joinedAt, id }) => ({ at: joinedAt, id }),
      ),
  }),
);
