import type { JsonSchema } from './json-schema.ts';

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
  operationType: 'query' | 'mutation' | 'subscription';
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
  /** What the person, the host's model or the host is asked before the operation runs, each for one variable. */
  asks: Ask[];
  /** What the person must agree to first. */
  confirm: { message: string } | null;
  /** Fields answered as content of their own; empty where the answer is JSON. */
  content: ContentField[];
  /** Texts that are quoted where they are not the caller's own words. */
  quotes: Quote[];
}

/** Response keys of a text, and of what says whose words it is. */
export interface Quote {
  /** From the root of the answer to the object that has the text. */
  path: string[];
  text: string;
  trust: string;
  /** Null where the answer does not tell. */
  owner: string | null;
  writer: string | null;
}

/** Something to ask for, in the place of an argument. Texts name arguments as `{argument}`. */
export interface Ask {
  variable: string;
  kind: 'form' | 'sample' | 'roots';
  message: string;
  /** Without an answer the operation cannot run. */
  required: boolean;
  /** Asked after the answers of all earlier rounds, from 1. */
  round: number;
  /** Of a form: flat, as the protocol wants it. */
  schema?: JsonSchema;
  /** Whether the form is one field around the variable's value, instead of the value itself. */
  wraps?: boolean;
  maxTokens?: number;
}

export interface ContentField {
  /** Response keys from the root of the answer. */
  path: string[];
  as: 'TEXT' | 'IMAGE' | 'AUDIO' | 'RESOURCE' | 'LINK';
}

/** Response keys, in each event of a subscription, to what is told while the tool runs. */
export interface Progress {
  done: string[] | null;
  total: string[] | null;
  message: string[] | null;
  log: { level: LogLevel; message: string[] } | null;
}

export type LogLevel = 'debug' | 'info' | 'notice' | 'warning' | 'error' | 'critical' | 'alert' | 'emergency';

/** A list argument that may be sent in parts, as each of its items stands for itself. */
export interface Parts {
  argument: string;
  /** Items of one part. */
  size: number;
  /** Longer lists are the API's to refuse. */
  most: number;
  /** The argument that forbids parts when it is true. */
  unless: string | null;
  /** The field that two items must not share; where they do, the list is the API's to refuse. */
  distinct: string | null;
}
