import { InvalidInput as InvalidInputClass } from '../invalid-input.ts';
import { builder } from '../schema/builder.ts';
import { notes } from '../schema/notes.ts';
import { InvalidInput, orNamedError, resultType } from '../schema/user-error.ts';
import { createGroup } from './create-group.ts';
import { deleteGroup } from './delete-group.ts';
import * as errors from './errors.ts';
import { GroupLimit, GroupNotFound, GroupRoleRequired } from './errors-schema.ts';
import { MAX_GROUPS, type Group as GroupShape } from './group.ts';
import { Group } from './schema.ts';
import { updateGroup } from './update-group.ts';

const payload = (name: string) =>
  builder.objectRef<{ group: GroupShape }>(name).implement({
    fields: (t) => ({ group: t.expose('group', { type: Group }) }),
  });

const CreateGroupResult = builder.unionType('CreateGroupResult', {
  types: [payload('CreateGroupPayload'), InvalidInput, GroupLimit],
  resolveType: resultType('CreateGroupPayload'),
});
const CreateGroupInput = builder.inputType('CreateGroupInput', {
  fields: (t) => ({
    name: t.string({ required: true, description: 'At most 80 characters; need not be unique.' }),
    about: t.string({ description: 'What it is for, at most 2000 characters.' }),
  }),
});

builder.mutationField('createGroup', (t) =>
  t.withAuth({ scope: 'memories:write' }).field({
    type: CreateGroupResult,
    description: `Make a group; you are its owner. You may be in at most ${MAX_GROUPS}.`,
    args: { input: t.arg({ type: CreateGroupInput, required: true }) },
    extensions: notes({ cost: 1 }),
    resolve: (_root, { input }, { services, viewer }) =>
      orNamedError([InvalidInputClass, errors.GroupLimit], async () => ({
        group: await createGroup(services, viewer, input),
      })),
  }),
);

const UpdateGroupResult = builder.unionType('UpdateGroupResult', {
  types: [payload('UpdateGroupPayload'), InvalidInput, GroupNotFound, GroupRoleRequired],
  resolveType: resultType('UpdateGroupPayload'),
});
const UpdateGroupInput = builder.inputType('UpdateGroupInput', {
  description: 'What is not given stays as it is.',
  fields: (t) => ({
    groupId: t.id({ required: true }),
    name: t.string({ description: 'At most 80 characters.' }),
    about: t.string({ description: 'At most 2000 characters.' }),
  }),
});

builder.mutationField('updateGroup', (t) =>
  t.withAuth({ scope: 'memories:write' }).field({
    type: UpdateGroupResult,
    description: 'Change how a group is called and what it is for. For its owners and managers.',
    args: { input: t.arg({ type: UpdateGroupInput, required: true }) },
    extensions: notes({ cost: 1, effects: { idempotent: true } }),
    resolve: (_root, { input }, { services, viewer }) =>
      orNamedError([InvalidInputClass, errors.GroupNotFound, errors.GroupRoleRequired], async () => ({
        group: await updateGroup(services, viewer, input),
      })),
  }),
);

interface Deleted {
  groupId: string;
  members: number;
  invitations: number;
}
const DeleteGroupPayload = builder.objectRef<Deleted>('DeleteGroupPayload').implement({
  fields: (t) => ({
    groupId: t.exposeID('groupId'),
    membersRemoved: t.exposeInt('members', { description: 'How many were in it, you among them.' }),
    invitationsRevoked: t.exposeInt('invitations', { description: 'How many were open.' }),
  }),
});
const DeleteGroupResult = builder.unionType('DeleteGroupResult', {
  types: [DeleteGroupPayload, GroupNotFound, GroupRoleRequired],
  resolveType: resultType('DeleteGroupPayload'),
});
const DeleteGroupInput = builder.inputType('DeleteGroupInput', {
  fields: (t) => ({ groupId: t.id({ required: true }) }),
});

builder.mutationField('deleteGroup', (t) =>
  t.withAuth({ scope: 'memories:write' }).field({
    type: DeleteGroupResult,
    description:
      'End a group for everybody in it, at once and for ever: its memberships, its open invitations, and what was shared with ' +
      'it, which nobody sees through it any more. The memories themselves stay with their owners. For its owners alone.',
    args: { input: t.arg({ type: DeleteGroupInput, required: true }) },
    extensions: notes({ cost: 10, effects: { destructive: true, idempotent: true } }),
    resolve: (_root, { input }, { services, viewer }) =>
      orNamedError([errors.GroupNotFound, errors.GroupRoleRequired], async () => ({
        groupId: input.groupId,
        ...(await deleteGroup(services, viewer, input.groupId)),
      })),
  }),
);
