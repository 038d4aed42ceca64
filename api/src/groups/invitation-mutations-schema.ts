import { AccountNotFound as AccountNotFoundClass } from '../accounts/errors.ts';
import { AccountNotFound } from '../accounts/errors-schema.ts';
import { InvalidInput as InvalidInputClass } from '../invalid-input.ts';
import { builder } from '../schema/builder.ts';
import { notes } from '../schema/notes.ts';
import { InvalidInput, orNamedError, resultType } from '../schema/user-error.ts';
import { acceptGroupInvitation } from './accept-group-invitation.ts';
import { declineGroupInvitation } from './decline-group-invitation.ts';
import * as errors from './errors.ts';
import {
  AlreadyMember,
  GroupLimit,
  GroupNotFound,
  GroupRoleRequired,
  InvitationInvalid,
} from './errors-schema.ts';
import { MAX_PENDING_INVITATIONS, type Group as GroupShape } from './group.ts';
import {
  INVITATION_DAYS,
  joinPath,
  MAX_INVITATION_DAYS,
  type GroupInvitation as GroupInvitationShape,
} from './invitation.ts';
import { GroupInvitation } from './invitations-schema.ts';
import { inviteToGroup } from './invite-to-group.ts';
import { revokeGroupInvitation } from './revoke-group-invitation.ts';
import { GroupInvitationRole } from './role-schema.ts';
import { Group } from './schema.ts';

interface Invited {
  invitation: GroupInvitationShape;
  token: string | null;
}
const InviteToGroupPayload = builder.objectRef<Invited>('InviteToGroupPayload').implement({
  fields: (t) => ({
    invitation: t.expose('invitation', { type: GroupInvitation }),
    link: t.string({
      nullable: true,
      description:
        'For whoever is to join: good once, for anybody who has it. Shown this once. Null for an invitation by handle, which ' +
        'its invitee finds in `viewer.groupInvitations`.',
      resolve: ({ token }, _args, { publicUrl }) =>
        token === null ? null : new URL(joinPath(token), publicUrl).href,
    }),
  }),
});
const InviteToGroupResult = builder.unionType('InviteToGroupResult', {
  types: [
    InviteToGroupPayload,
    InvalidInput,
    GroupNotFound,
    GroupRoleRequired,
    AccountNotFound,
    AlreadyMember,
    GroupLimit,
  ],
  resolveType: resultType('InviteToGroupPayload'),
});
const InviteToGroupInput = builder.inputType('InviteToGroupInput', {
  fields: (t) => ({
    groupId: t.id({ required: true }),
    handle: t.string({
      description:
        'Whom to invite; without it the answer has a link. Whether an account has a handle is no secret on a server: people ' +
        'find each other by it.',
    }),
    role: t.field({ type: GroupInvitationRole, defaultValue: 'member' }),
    expiresAt: t.field({
      type: 'DateTime',
      description: `In ${INVITATION_DAYS} days unless told, in ${MAX_INVITATION_DAYS} at most.`,
    }),
  }),
});

builder.mutationField('inviteToGroup', (t) =>
  t.withAuth({ scope: 'memories:write' }).field({
    type: InviteToGroupResult,
    description:
      'Invite somebody to a group: managers members, owners managers too. Who is invited already has their invitation renewed. ' +
      `A group has at most ${MAX_PENDING_INVITATIONS} open invitations.`,
    args: { input: t.arg({ type: InviteToGroupInput, required: true }) },
    extensions: notes({ cost: 1 }),
    resolve: (_root, { input }, { services, viewer }) =>
      orNamedError(
        [
          InvalidInputClass,
          errors.GroupNotFound,
          errors.GroupRoleRequired,
          AccountNotFoundClass,
          errors.AlreadyMember,
          errors.GroupLimit,
        ],
        () => inviteToGroup(services, viewer, input),
      ),
  }),
);

const AcceptGroupInvitationPayload = builder
  .objectRef<{ group: GroupShape }>('AcceptGroupInvitationPayload')
  .implement({ fields: (t) => ({ group: t.expose('group', { type: Group }) }) });
const AcceptGroupInvitationResult = builder.unionType('AcceptGroupInvitationResult', {
  types: [AcceptGroupInvitationPayload, InvalidInput, InvitationInvalid, AlreadyMember, GroupLimit],
  resolveType: resultType('AcceptGroupInvitationPayload'),
});
const AcceptGroupInvitationInput = builder.inputType('AcceptGroupInvitationInput', {
  description: 'One of the two.',
  fields: (t) => ({
    invitationId: t.id({ description: 'Of `viewer.groupInvitations`.' }),
    token: t.string({ description: 'Of a link.' }),
  }),
});

builder.mutationField('acceptGroupInvitation', (t) =>
  t.withAuth({ scope: 'memories:write' }).field({
    type: AcceptGroupInvitationResult,
    description: 'Join a group. You see what is shared with it from your next request on.',
    args: { input: t.arg({ type: AcceptGroupInvitationInput, required: true }) },
    extensions: notes({ cost: 1 }),
    resolve: (_root, { input }, { services, viewer }) =>
      orNamedError(
        [InvalidInputClass, errors.InvitationInvalid, errors.AlreadyMember, errors.GroupLimit],
        async () => ({ group: await acceptGroupInvitation(services, viewer, input) }),
      ),
  }),
);

const payload = (name: string) =>
  builder.objectRef<{ invitationId: string }>(name).implement({
    fields: (t) => ({ invitationId: t.exposeID('invitationId') }),
  });

const DeclineGroupInvitationResult = builder.unionType('DeclineGroupInvitationResult', {
  types: [payload('DeclineGroupInvitationPayload'), InvitationInvalid],
  resolveType: resultType('DeclineGroupInvitationPayload'),
});
const DeclineGroupInvitationInput = builder.inputType('DeclineGroupInvitationInput', {
  fields: (t) => ({ invitationId: t.id({ required: true }) }),
});

builder.mutationField('declineGroupInvitation', (t) =>
  t.withAuth({ scope: 'memories:write' }).field({
    type: DeclineGroupInvitationResult,
    description: 'Do away with an invitation that was made to you. They may invite you again.',
    args: { input: t.arg({ type: DeclineGroupInvitationInput, required: true }) },
    extensions: notes({ cost: 1, effects: { destructive: true, idempotent: true } }),
    resolve: (_root, { input }, { services, viewer }) =>
      orNamedError([errors.InvitationInvalid], async () => {
        await declineGroupInvitation(services, viewer, input.invitationId);
        return { invitationId: input.invitationId };
      }),
  }),
);

const RevokeGroupInvitationResult = builder.unionType('RevokeGroupInvitationResult', {
  types: [payload('RevokeGroupInvitationPayload'), InvitationInvalid, GroupRoleRequired],
  resolveType: resultType('RevokeGroupInvitationPayload'),
});
const RevokeGroupInvitationInput = builder.inputType('RevokeGroupInvitationInput', {
  fields: (t) => ({ invitationId: t.id({ required: true }) }),
});

builder.mutationField('revokeGroupInvitation', (t) =>
  t.withAuth({ scope: 'memories:write' }).field({
    type: RevokeGroupInvitationResult,
    description: 'Take back an open invitation or link: managers those for members, owners every one.',
    args: { input: t.arg({ type: RevokeGroupInvitationInput, required: true }) },
    extensions: notes({ cost: 1, effects: { destructive: true, idempotent: true } }),
    resolve: (_root, { input }, { services, viewer }) =>
      orNamedError([errors.InvitationInvalid, errors.GroupRoleRequired], async () => {
        await revokeGroupInvitation(services, viewer, input.invitationId);
        return { invitationId: input.invitationId };
      }),
  }),
);
