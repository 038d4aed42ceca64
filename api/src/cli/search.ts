import { openDoor } from './door.ts';
import { printable } from './printable.ts';
import { readSettings } from './settings.ts';

export interface SearchCommand {
  mode: 'hybrid' | 'words' | 'vectors';
  limit: number;
  json?: boolean;
}

const document = `query SearchMemories($query: String!, $mode: SearchMode!, $first: Int!) {
  searchMemories(query: $query, mode: $mode, first: $first) {
    mode
    notice
    edges { score words node { id text kind tags source thread position occurredAt createdAt } }
  }
}`;

interface Found {
  id: string;
  text: string;
  kind: string;
  tags: string[];
  occurredAt: string | null;
  createdAt: string;
}
interface Answer {
  searchMemories: {
    mode: string;
    notice: string | null;
    edges: { score: number; words: string[]; node: Found }[];
  };
}

/** Best first: for people as text, for programs as JSON. */
export async function search(words: readonly string[], options: SearchCommand): Promise<void> {
  await using door = await openDoor(readSettings(), { model: options.mode !== 'words' });
  const { searchMemories: found } = await door.ask<Answer>(document, {
    query: words.join(' '),
    mode: options.mode.toUpperCase(),
    first: options.limit,
  });
  if (options.json) {
    const results = found.edges.map(({ node, ...rest }) => ({ ...rest, ...node }));
    process.stdout.write(`${JSON.stringify({ mode: found.mode, notice: found.notice, results }, null, 2)}\n`);
    return;
  }
  if (found.notice) process.stderr.write(`${found.notice}\n`);
  if (found.edges.length === 0) process.stdout.write('Nothing was found. Try other words, or fewer.\n');
  for (const { score, node } of found.edges) process.stdout.write(entry(score, node));
}

const SHOWN = 300;

function entry(score: number, { id, text, kind, tags, occurredAt, createdAt }: Found): string {
  const about = [
    score.toFixed(2),
    (occurredAt ?? createdAt).slice(0, 10),
    kind.toLowerCase(),
    ...tags.map((tag) => `#${printable(tag)}`),
  ];
  const line = printable(text);
  const shown = line.length > SHOWN ? `${line.slice(0, SHOWN).trimEnd()}…` : line;
  return `${about.join('  ')}  ${id}\n    ${shown}\n`;
}
