import { builder } from '../schema/builder.ts';
import { MemoryKind, Trust, Visibility } from './schema.ts';

const ExpiryState = builder.enumType('ExpiryState', {
  description: 'Whether a memory has passed its expiry.',
  values: { VALID: {}, EXPIRED: {}, ANY: {} },
});

const OwnedBy = builder.enumType('OwnedBy', {
  description: 'Whose memories, seen from you.',
  values: { ME: {}, OTHERS: { description: 'What others share with you, and what is public.' } },
});

export const MemoryFilter = builder.inputType('MemoryFilter', {
  description: 'Which memories to look at; what is absent does not narrow.',
  fields: (t) => ({
    owner: t.id({ description: 'Whose.' }),
    ownedBy: t.field({ type: OwnedBy, description: 'Yours, or what others let you see.' }),
    visibility: t.field({ type: [Visibility], description: 'Any of these, as their owners set them.' }),
    tags: t.stringList({ description: 'All of these.' }),
    kinds: t.field({ type: [MemoryKind], description: 'Any of these.' }),
    sources: t.stringList({ description: 'Any of these.' }),
    thread: t.string(),
    trust: t.field({ type: [Trust], description: 'Any of these.' }),
    text: t.string({ description: 'Words that must all occur, in any form and order.' }),
    occurredAfter: t.field({
      type: 'DateTime',
      description: 'A memory without occurredAt counts by when it was made.',
    }),
    occurredBefore: t.field({ type: 'DateTime' }),
    createdAfter: t.field({ type: 'DateTime' }),
    createdBefore: t.field({ type: 'DateTime' }),
    modifiedAfter: t.field({ type: 'DateTime' }),
    modifiedBefore: t.field({ type: 'DateTime' }),
    expiry: t.field({ type: ExpiryState, defaultValue: 'VALID' }),
    deleted: t.boolean({ defaultValue: false, description: 'In the trash instead of outside it.' }),
  }),
});
