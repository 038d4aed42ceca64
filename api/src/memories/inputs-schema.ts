import { builder } from '../schema/builder.ts';
import { MAX_SOURCES } from './lineage.ts';
import { MAX_TEXT } from './memory.ts';
import { MemoryKind, Trust, Visibility } from './schema.ts';

const whoWrote =
  'Who or what wrote it, where that is less than what the credential writes: PERSON where it holds account:manage and is ' +
  'used over GraphQL, else APP.';
const madeOf = `The memories that it was made of, at most ${MAX_SOURCES}: it is trusted no more than they are.`;

export const SubmitMemoryInput = builder.inputType('SubmitMemoryInput', {
  description: 'A new memory: a text, and what is said of it.',
  fields: (t) => ({
    text: t.string({
      required: true,
      description: `At most ${MAX_TEXT} characters. Encrypted; all else is clear.`,
    }),
    kind: t.field({ type: MemoryKind, defaultValue: 'NOTE', description: 'What sort of thing it is.' }),
    tags: t.stringList({ description: 'At most 50, each at most 64 characters.' }),
    source: t.string({ description: 'Where it comes from: an app, a file, an address.' }),
    sourceId: t.string({ description: 'The name that its source has for it: the same one is taken once.' }),
    thread: t.string({ description: 'The conversation or document it is a part of.' }),
    position: t.int({
      description: 'Its place in the thread: memories side by side lend each other weight in search.',
    }),
    language: t.string({ defaultValue: 'en', description: 'BCP 47; decides how its words are stemmed.' }),
    trust: t.field({ type: Trust, description: whoWrote }),
    derivedFrom: t.idList({ description: madeOf }),
    visibility: t.field({
      type: Visibility,
      defaultValue: 'SHARED',
      description: 'Who may see it beside you.',
    }),
    occurredAt: t.field({ type: 'DateTime', description: 'When what it tells of happened.' }),
    expiresAt: t.field({ type: 'DateTime', description: 'From then on it is no longer considered valid.' }),
  }),
});

export const UpdateMemoryInput = builder.inputType('UpdateMemoryInput', {
  description: 'What is absent stays; null empties what may be empty.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'Which memory.' }),
    expectedVersion: t.int({ description: 'Refuse if the memory is at another version.' }),
    text: t.string({ description: `At most ${MAX_TEXT} characters, in place of the text it has.` }),
    kind: t.field({ type: MemoryKind, description: 'What sort of thing it is.' }),
    tags: t.stringList({ description: 'In place of those it has: at most 50, each at most 64 characters.' }),
    source: t.string({ description: 'Where it comes from: an app, a file, an address.' }),
    sourceId: t.string({ description: 'The name that its source has for it: the same one is taken once.' }),
    thread: t.string({ description: 'The conversation or document it is a part of.' }),
    position: t.int({ description: 'Its place in the thread.' }),
    language: t.string({ description: 'BCP 47; decides how its words are stemmed.' }),
    trust: t.field({ type: Trust, description: `${whoWrote} Of this change.` }),
    derivedFrom: t.idList({ description: `${madeOf} In place of what was said before.` }),
    visibility: t.field({ type: Visibility, description: 'Who may see it beside you.' }),
    occurredAt: t.field({ type: 'DateTime', description: 'When what it tells of happened.' }),
    expiresAt: t.field({ type: 'DateTime', description: 'From then on it is no longer considered valid.' }),
  }),
});

export const DeleteMemoryInput = builder.inputType('DeleteMemoryInput', {
  description: 'Which memory goes into the trash.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'Which memory.' }),
    expectedVersion: t.int({ description: 'Refuse if the memory is at another version.' }),
  }),
});

const atomic = 'All or nothing, instead of each by itself.';

export const SubmitMemoriesInput = builder.inputType('SubmitMemoriesInput', {
  description: 'New memories.',
  fields: (t) => ({
    memories: t.field({ type: [SubmitMemoryInput], required: true, description: 'At most 500.' }),
    atomic: t.boolean({ defaultValue: false, description: atomic }),
  }),
});

export const UpdateMemoriesInput = builder.inputType('UpdateMemoriesInput', {
  description: 'Changes of memories.',
  fields: (t) => ({
    memories: t.field({ type: [UpdateMemoryInput], required: true, description: 'At most 500, each once.' }),
    atomic: t.boolean({ defaultValue: false, description: atomic }),
  }),
});

export const DeleteMemoriesInput = builder.inputType('DeleteMemoriesInput', {
  description: 'Which memories go into the trash.',
  fields: (t) => ({
    memories: t.field({ type: [DeleteMemoryInput], required: true, description: 'At most 500, each once.' }),
    atomic: t.boolean({ defaultValue: false, description: atomic }),
  }),
});
