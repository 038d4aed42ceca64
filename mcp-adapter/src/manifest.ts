import { readFileSync } from 'node:fs';
import { isRecord, type JsonSchema } from './json-schema.ts';

/** How an input object's public names map to the schema's: `expiration_date` → `expiresAt`. */
export interface InputShape {
  fields: Record<string, { to: string; shape?: InputShape }>;
  /** Values the caller can neither see nor set, such as `trust`. */
  fixed: Record<string, string>;
}

/** Which list of the answer is cut to the token budget, and how the rest is reached. */
export interface Budget {
  /** The argument that carries the budget; the API never sees it. */
  argument: string;
  defaultTokens: number;
  /** Response keys from the root of the answer to the list; the members of a union have one each. */
  paths: string[][];
  /** Null where the list has no pages, as the results of a batch. */
  page: {
    /** Where the cursor of each item is found; it is taken out of the answer. */
    itemCursor: string;
    /** Response key of the page info beside the list. */
    pageInfo: string;
    endCursor: string;
    hasNextPage: string;
    /** The argument that takes a cursor. */
    after: string;
  } | null;
}

/** Where the answer is a union of a payload and named errors, and the way on from each error. */
export interface Refusals {
  /** Response key of the union at the root of the answer. */
  key: string;
  /** By `__typename`; types that are not named here are payloads. */
  waysOn: Record<string, string>;
}

/** What null at a key means where it is no answer: there is nothing that the caller may see. */
export interface NotFound {
  /** Response key at the root of the answer. */
  key: string;
  code: string;
  message: string;
  wayOn: string;
}

/** What every entry needs to be executed. */
export interface OperationEntry {
  operationName: string;
  operationType: 'query' | 'mutation';
  document: string;
  /** Of the document, in hexadecimal: its name among trusted documents. */
  sha256: string;
  inputSchema: JsonSchema;
  /** Arguments that are input objects or lists of them. */
  inputs: Record<string, InputShape>;
  /** The argument at each path that the API names in its errors. */
  argumentPaths: Record<string, string>;
  /** Any one of these sets of scopes is enough; an empty list asks for nothing. */
  scopes: string[][];
  cost: number;
  budget: Budget | null;
  refusals: Refusals | null;
  notFound: NotFound | null;
}

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
}

export interface ResourceEntry extends OperationEntry {
  name: string;
  title: string;
  description: string;
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

export interface Manifest {
  version: 1;
  tools: ToolEntry[];
  resources: ResourceEntry[];
  completions: CompletionEntry[];
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
    Array.isArray(value['completions'])
  );
}

/** Reads the committed manifest. Throws when it is missing or of another version. */
export function loadManifest(url: URL = new URL('../manifest.json', import.meta.url)): Manifest {
  const value: unknown = JSON.parse(readFileSync(url, 'utf8'));
  if (!isManifest(value))
    throw new Error('mcp-adapter/manifest.json is not a manifest: run `npm run codegen`.');
  return value;
}
