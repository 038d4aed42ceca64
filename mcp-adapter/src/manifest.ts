import { readFileSync } from 'node:fs';
import { isRecord, type JsonSchema } from './json-schema.ts';
import type { OperationEntry, Parts, Progress } from './operation-entry.ts';

export interface CacheHint {
  ttlMs: number;
  cacheScope: 'public' | 'private';
}

export interface ToolEntry extends OperationEntry {
  name: string;
  title: string;
  description: string;
  outputSchema: JsonSchema;
  annotations: {
    readOnlyHint: boolean;
    destructiveHint: boolean;
    idempotentHint: boolean;
    openWorldHint: boolean;
  };
  /** Of a subscription, whose last event is the answer. */
  progress: Progress | null;
  parts: Parts | null;
}

export interface ResourceEntry extends OperationEntry {
  name: string;
  title: string;
  description: string;
  /** Without variables it is the URI of one resource. */
  uriTemplate: string;
  mimeType: string;
  /** Null at this response key means: no such resource. */
  rootKey: string;
  cacheHint: CacheHint;
}

export interface CompletionEntry extends OperationEntry {
  /** The name of the argument to complete, wherever it occurs. */
  argument: string;
  /** Variable that takes what was typed. */
  variable: string;
  /** Response keys to the list, then the key of the value in each item, if items are objects. */
  path: string[];
  itemKey: string | null;
}

/** A query whose connection lists what a resource template can be read for; its cursors are the protocol's. */
export interface ResourceListEntry extends OperationEntry {
  uriTemplate: string;
  /** What an item is called, by the fields of its node. */
  nameTemplate: string;
  title: string;
  description: string;
  mimeType: string;
}

/** A subscription each of whose events says that resources have changed. */
export interface UpdatesEntry extends OperationEntry {
  /** Response key of the event. */
  key: string;
  /** Templates over the fields of the event and `caller_id`. */
  uris: string[];
}

export interface PromptArgument {
  name: string;
  description: string;
  required: boolean;
}

/** A text to hand to the host's model, written from arguments and from what an operation answers. */
export interface PromptEntry {
  name: string;
  title: string;
  description: string;
  arguments: PromptArgument[];
  template: string;
  data: OperationEntry | null;
}

export interface Manifest {
  version: 1;
  tools: ToolEntry[];
  resources: ResourceEntry[];
  completions: CompletionEntry[];
  prompts: PromptEntry[];
  resourceList: ResourceListEntry | null;
  updates: UpdatesEntry | null;
  /** Hints for the lists themselves, which are the same for everybody. */
  listCacheHint: CacheHint;
}

/** Whether a value has the outline of a manifest; its inside is codegen's promise, kept by `codegen:check`. */
export function isManifest(value: unknown): value is Manifest {
  return (
    isRecord(value) &&
    value['version'] === 1 &&
    Array.isArray(value['tools']) &&
    Array.isArray(value['resources']) &&
    Array.isArray(value['completions']) &&
    Array.isArray(value['prompts'])
  );
}

/** Reads the committed manifest. Throws when it is missing or of another version. */
export function loadManifest(url: URL = new URL('../manifest.json', import.meta.url)): Manifest {
  const value: unknown = JSON.parse(readFileSync(url, 'utf8'));
  if (!isManifest(value))
    throw new Error('mcp-adapter/manifest.json is not a manifest: run `npm run codegen`.');
  return value;
}
