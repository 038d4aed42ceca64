import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';

/** A document of a test set. One scope is one user. `time` is free text and often empty. */
export const Document = z.object({
  _id: z.string().min(1),
  scope: z.string().min(1),
  time: z.string().default(''),
  title: z.string().default(''),
  text: z.string(),
});
export type Document = z.infer<typeof Document>;

/** A query, asked of the documents of its own scope. */
export const Query = z.object({
  _id: z.string().min(1),
  scope: z.string().min(1),
  text: z.string().min(1),
  category: z.string().default('all'),
});
export type Query = z.infer<typeof Query>;

/** A test set: `gold` maps a query's id to the ids of the documents that answer it. */
export interface TestSet {
  readonly name: string;
  readonly documents: readonly Document[];
  readonly queries: readonly Query[];
  readonly gold: ReadonlyMap<string, ReadonlySet<string>>;
}

/** The names of the sets in a folder: every folder within it that holds a `corpus.jsonl`. */
export async function listSets(folder: string): Promise<string[]> {
  const names: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    if ((await readdir(join(folder, entry.name))).includes('corpus.jsonl')) names.push(entry.name);
  }
  if (names.length === 0) {
    throw new Error(
      `No test set in ${folder}: a set is a folder with corpus.jsonl, queries.jsonl and qrels.tsv.`,
    );
  }
  return names.sort();
}

/** Reads one set; a query without any relevant document is left out, for no metric is defined for it. */
export async function readSet(folder: string, name: string): Promise<TestSet> {
  const read = (file: string): Promise<string> => readFile(join(folder, name, file), 'utf8');
  const documents = parseLines(await read('corpus.jsonl'), Document, `${name}/corpus.jsonl`);
  const queries = parseLines(await read('queries.jsonl'), Query, `${name}/queries.jsonl`);
  const gold = parseQrels(await read('qrels.tsv'), `${name}/qrels.tsv`);
  return { name, documents, queries: queries.filter((query) => gold.has(query._id)), gold };
}

function parseLines<T>(text: string, type: z.ZodType<T>, file: string): T[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const parsed = type.safeParse(JSON.parse(line));
    if (!parsed.success) throw new Error(`${file}, line ${index + 1}: ${z.prettifyError(parsed.error)}`);
    return [parsed.data];
  });
}

/** Relevance judgements as in BEIR: `query-id TAB corpus-id TAB score` after a heading, relevant if above 0. */
export function parseQrels(text: string, file: string): Map<string, Set<string>> {
  const gold = new Map<string, Set<string>>();
  for (const [index, line] of text.split('\n').entries()) {
    if (index === 0 || line.trim() === '') continue;
    const [query, document, relevance] = line.trim().split('\t');
    if (query === undefined || document === undefined || relevance === undefined)
      throw new Error(`${file}, line ${index + 1}: three columns expected.`);
    if (Number(relevance) <= 0) continue;
    const documents = gold.get(query) ?? new Set();
    gold.set(query, documents.add(document));
  }
  return gold;
}
