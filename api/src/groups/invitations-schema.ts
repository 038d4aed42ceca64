import { User, Viewer } from '../accounts/schema.ts';
import { builder } from '../schema/builder.ts';
import { notes } from '../schema/notes.ts';
import { pageInfo, PageInfo, type Page } from '../schema/pagination.ts';
import type { GroupInvitation as GroupInvitationShape } from './invitation.ts';
import { listGroupInvitations, listMyInvitations } from './list-group-invitations.ts';
import { pageArguments, pageByTime } from '../schema/pages-by-time.ts';
import { GroupInvitationRole } from './role-schema.ts';
import { Group } from './schema.ts';

export const GroupInvitation = builder.objectRef<GroupInvitationShape>('GroupInvitation').implement({
  description: 'Lets one person into a group, once: the invitee, or whoever brings its link.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'UUID v4.' }),
    groupId: t.exposeID('groupId', { description: 'You see the group itself once you are in it.' }),
    groupName: t.exposeString('groupName'),
    role: t.expose('role', { type: GroupInvitationRole, description: 'What they will be.' }),
    invitee: t.field({
      type: User,
      nullable: true,
      description: 'Null for a link.',
      resolve: ({ inviteeId }, _args, { loaders }) => (inviteeId ? loaders.accounts.load(inviteeId) : null),
    }),
    invitedBy: t.field({
      type: User,
      nullable: true,
      description: 'Null if their account is gone.',
      resolve: ({ invitedById }, _args, { loaders }) =>
        invitedById ? loaders.accounts.load(invitedById) : null,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime' }),
  }),
});
const GroupInvitationEdge = builder
  .objectRef<{ cursor: string; node: GroupInvitationShape }>('GroupInvitationEdge')
  .implement({
    fields: (t) => ({ cursor: t.exposeString('cursor'), node: t.expose('node', { type: GroupInvitation }) }),
  });
const GroupInvitationConnection = builder
  .objectRef<Page<GroupInvitationShape>>('GroupInvitationConnection')
  .implement({
    fields: (t) => ({
      edges: t.expose('edges', { type: [GroupInvitationEdge] }),
      pageInfo: t.field({ type: PageInfo, resolve: pageInfo }),
    }),
  });

const placeOf = ({ createdAt, id }: GroupInvitationShape) => ({ at: createdAt, id });

builder.objectField(Group, 'invitations', (t) =>
  t.withAuth({ scope: 'memories:read' }).field({
    type: GroupInvitationConnection,
    description: 'Those that are open, newest first. Empty unless you are an owner or a manager.',
    args: pageArguments,
    extensions: notes({ cost: 1, sizedBy: 'first' }),
    resolve: (group, args, { services, viewer }) =>
      pageByTime(
        args,
        (after, limit) => listGroupInvitations(services, viewer, group, after, limit),
        placeOf,
      ),
  }),
);

builder.objectField(Viewer, 'groupInvitations', (t) =>
  t.withAuth({ scope: 'memories:read' }).field({
    type: GroupInvitationConnection,
    description: 'Those made to you that are open, newest first.',
    args: pageArguments,
    extensions: notes({ sizedBy: 'first' }),
    resolve: (_viewer, args, { services, viewer }) =>
      pageByTime(args, (after, limit) => listMyInvitations(services, viewer, after, limit), placeOf),
  }),
);
