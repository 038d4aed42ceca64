import { z } from 'zod';
import type { Actor } from '../storage/acting.ts';

/** How a text was come by. */
export const readWays = ['LIST', 'SEARCH', 'LOOKUP', 'HISTORY', 'CHANGE'] as const;
export type ReadWay = (typeof readWays)[number];

/** Where an app reads. A page of ours is none. */
export type ReadingFace = Exclude<Actor['face'], 'page' | 'oauth'>;

export interface ReadingApp {
  kind: 'APP' | 'KEY';
  /** The client, or the API key; null for another person's key, and where the reader is gone. */
  id: string | null;
  /** As the owner knows it; null for what another person uses, and for what is disconnected. */
  name: string | null;
}

/** All reads of one memory, by one account through one app, within an hour of the clock. */
export interface MemoryRead {
  id: string;
  memoryId: string;
  /** Null where the account is gone. */
  readerId: string | null;
  app: ReadingApp;
  face: ReadingFace;
  way: ReadWay;
  count: number;
  firstAt: Date;
  lastAt: Date;
}

export const MOST_DAYS = 730;
const outOfRange = `must be from 0, which keeps none, to ${MOST_DAYS}`;
export const daysKept = z.number().int().min(0, outOfRange).max(MOST_DAYS, outOfRange);
