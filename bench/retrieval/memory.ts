import type { Document } from './set.ts';

/** What `SubmitMemoryInput` takes of a document. */
export interface MemoryInput {
  readonly text: string;
  readonly sourceId: string;
  readonly language: string;
  readonly thread?: string;
  readonly position?: number;
  readonly occurredAt?: string;
}

/**
 * Thread and position as the id of a document tells them: `…|D3:7` is turn 7 of conversation 3, `…|S3` is the
 * third of the sessions; any other id stands alone. Threads are told apart within a scope only.
 */
export function placeOf(id: string): { thread: string; position: number } | undefined {
  const turn = /\|D(\d+):(\d+)$/.exec(id);
  if (turn) return { thread: String(Number(turn[1])), position: Number(turn[2]) };
  const session = /\|S(\d+)$/.exec(id);
  if (session) return { thread: 'sessions', position: Number(session[1]) };
  return undefined;
}

const months = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];

/** A time such as `1:56 pm on 8 May, 2023`, taken as UTC, or ISO 8601 with a date; undefined if neither. */
export function parseTime(text: string): string | undefined {
  const spoken = /^(\d{1,2}):(\d{2}) ([ap])m on (\d{1,2}) ([a-z]+),? (\d{4})$/.exec(
    text.trim().toLowerCase(),
  );
  if (spoken) {
    const [, hour, minute, half, day, month, year] = spoken;
    const index = months.indexOf(month ?? '');
    if (index === -1 || Number(hour) < 1 || Number(hour) > 12 || Number(minute) > 59) return undefined;
    const hours = (Number(hour) % 12) + (half === 'p' ? 12 : 0);
    return new Date(Date.UTC(Number(year), index, Number(day), hours, Number(minute))).toISOString();
  }
  if (!/^\d{4}-\d{2}-\d{2}/.test(text)) return undefined;
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}

/**
 * The text with its title before it, unless it begins with it already: where documents are sessions, only the
 * title says when they took place.
 */
export function textOf(document: Pick<Document, 'title' | 'text'>): string {
  const squeeze = (text: string): string => text.replace(/\s+/g, ' ').trim();
  if (squeeze(document.text).startsWith(squeeze(document.title))) return document.text;
  return `${document.title}\n${document.text}`.trim();
}

/** The document as a memory, or undefined if it has no text at all. */
export function memoryOf(document: Document): MemoryInput | undefined {
  const text = textOf(document);
  if (text.trim() === '') return undefined;
  const occurredAt = parseTime(document.time);
  return {
    text,
    sourceId: document._id,
    language: 'en',
    ...placeOf(document._id),
    ...(occurredAt === undefined ? {} : { occurredAt }),
  };
}
