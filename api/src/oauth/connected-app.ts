import { clearText } from '../clear-text.ts';

/** An app that somebody has let at their memories. */
export interface ConnectedApp {
  clientId: string;
  /** As the app calls itself, until its owner gives it another name. */
  name: string;
  pausedAt: Date | null;
  createdAt: Date;
  lastUsedAt: Date | null;
}

export const MAX_APP_NAME = 100;
export const appName = clearText
  .trim()
  .min(1, 'must not be empty')
  .max(MAX_APP_NAME, `must be at most ${MAX_APP_NAME} characters`);
