import { builder } from '../schema/builder.ts';
import { MAX_TEXT } from './memory.ts';
import { MemoryKind, Trust } from './schema.ts';

export const SubmitMemoryInput = builder.inputType('SubmitMemoryInput', {
  fields: (t) => ({
    text: t.string({
      required: true,
      description: `At most ${MAX_TEXT} characters. Encrypted; all else is clear.`,
    }),
    kind: t.field({ type: MemoryKind, defaultValue: 'NOTE' }),
    tags: t.stringList({ description: 'At most 50, each at most 64 characters.' }),
    source: t.string({ description: 'Where it comes from: an app, a file, an address.' }),
    sourceId: t.string({ description: 'The name that its source has for it: the same one is taken once.' }),
    thread: t.string({ description: 'The conversation or document it is a part of.' }),
    position: t.int({
      description: 'Its place in the thread: memories side by side lend each other weight in search.',
    }),
    language: t.string({ defaultValue: 'en', description: 'BCP 47; decides how its words are stemmed.' }),
    trust: t.field({ type: Trust, defaultValue: 'PERSON' }),
    occurredAt: t.field({ type: 'DateTime', description: 'When what it tells of happened.' }),
    expiresAt: t.field({ type: 'DateTime', description: 'From then on it is no longer considered valid.' }),
  }),
});

export const UpdateMemoryInput = builder.inputType('UpdateMemoryInput', {
  description: 'What is absent stays; null empties what may be empty.',
  fields: (t) => ({
    id: t.id({ required: true }),
    expectedVersion: t.int({ description: 'Refuse if the memory is at another version.' }),
    text: t.string(),
    kind: t.field({ type: MemoryKind }),
    tags: t.stringList({ description: 'In place of those it has.' }),
    source: t.string(),
    sourceId: t.string(),
    thread: t.string(),
    position: t.int(),
    language: t.string(),
    occurredAt: t.field({ type: 'DateTime' }),
    expiresAt: t.field({ type: 'DateTime' }),
  }),
});

export const DeleteMemoryInput = builder.inputType('DeleteMemoryInput', {
  fields: (t) => ({
    id: t.id({ required: true }),
    expectedVersion: t.int({ description: 'Refuse if the memory is at another version.' }),
  }),
});

const atomic = 'All or nothing, instead of each by itself.';

export const SubmitMemoriesInput = builder.inputType('SubmitMemoriesInput', {
  fields: (t) => ({
    memories: t.field({ type: [SubmitMemoryInput], required: true, description: 'At most 500.' }),
    atomic: t.boolean({ defaultValue: false, description: atomic }),
  }),
});

export const UpdateMemoriesInput = builder.inputType('UpdateMemoriesInput', {
  fields: (t) => ({
    memories: t.field({ type: [UpdateMemoryInput], required: true, description: 'At most 500, each once.' }),
    atomic: t.boolean({ defaultValue: false, description: atomic }),
  }),
});

export const DeleteMemoriesInput = builder.inputType('DeleteMemoriesInput', {
  fields: (t) => ({
    memories: t.field({ type: [DeleteMemoryInput], required: true, description: 'At most 500, each once.' }),
    atomic: t.boolean({ defaultValue: false, description: atomic }),
  }),
});
