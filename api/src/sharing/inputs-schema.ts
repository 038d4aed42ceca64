import { MemoryKind, Visibility } from '../memories/schema.ts';
import { builder } from '../schema/builder.ts';
import { MAX_GRANTEES } from './grant.ts';
import { GrantLevel } from './grants-schema.ts';

const GranteeInput = builder.inputType('GranteeInput', {
  description: 'One person or group: exactly one of these.',
  fields: (t) => ({
    handle: t.string({ description: 'Of a person.' }),
    userId: t.id({ description: 'Of a person.' }),
    groupId: t.id({ description: 'Of a group that you are in.' }),
  }),
});

const end = 'From then on it lets nobody in. Absent: it has no end.';

export const ShareMemoryInput = builder.inputType('ShareMemoryInput', {
  fields: (t) => ({
    memoryId: t.id({ required: true }),
    with: t.field({ type: GranteeInput, required: true }),
    level: t.field({ type: GrantLevel, defaultValue: 'READ' }),
    expiresAt: t.field({ type: 'DateTime', description: end }),
  }),
});

const GrantRuleInput = builder.inputType('GrantRuleInput', {
  description: 'At least one of these; what is absent does not narrow.',
  fields: (t) => ({
    tags: t.stringList({ description: 'All of these.' }),
    kinds: t.field({ type: [MemoryKind], description: 'Any of these.' }),
    sources: t.stringList({ description: 'Any of these.' }),
    thread: t.string(),
  }),
});

export const ShareByRuleInput = builder.inputType('ShareByRuleInput', {
  fields: (t) => ({
    rule: t.field({ type: GrantRuleInput, required: true }),
    with: t.field({ type: GranteeInput, required: true }),
    level: t.field({ type: GrantLevel, defaultValue: 'READ' }),
    expiresAt: t.field({ type: 'DateTime', description: end }),
  }),
});

export const RevokeShareInput = builder.inputType('RevokeShareInput', {
  description: 'Either `grantId`, or `memoryId` and `from`.',
  fields: (t) => ({
    grantId: t.id({ description: 'One share.' }),
    memoryId: t.id(),
    from: t.field({ type: GranteeInput, description: 'With whom it was shared directly.' }),
  }),
});

const ShareInput = builder.inputType('ShareInput', {
  description: 'Whom to share with, and how.',
  fields: (t) => ({
    with: t.field({ type: GranteeInput, required: true }),
    level: t.field({ type: GrantLevel, defaultValue: 'READ' }),
    expiresAt: t.field({ type: 'DateTime', description: end }),
  }),
});

export const ModifyPermissionsInput = builder.inputType('ModifyPermissionsInput', {
  description: 'What is to hold for each of these memories; at least one of visibility, share and revoke.',
  fields: (t) => ({
    memoryIds: t.idList({ required: true, description: 'At most 500, each once.' }),
    visibility: t.field({ type: Visibility, description: 'For its owner to set.' }),
    share: t.field({ type: [ShareInput], description: `At most ${MAX_GRANTEES}.` }),
    revoke: t.field({ type: [GranteeInput], description: `At most ${MAX_GRANTEES}.` }),
    atomic: t.boolean({ defaultValue: false, description: 'All or nothing, instead of each by itself.' }),
  }),
});
