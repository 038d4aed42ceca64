import { z } from 'zod';
import { clearText } from '../clear-text.ts';

export interface Account {
  id: string;
  handle: string;
  displayName: string;
  /** What they tell of themselves; may be empty. */
  about: string;
  administrator: boolean;
  createdAt: Date;
}

export const handle = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9_-]{1,38}$/,
    'must be 2 to 39 small letters, digits, hyphens or underscores, and begin with a letter or a digit',
  );
export const about = clearText.trim().max(2_000, 'must be at most 2000 characters');
export const displayName = clearText
  .trim()
  .min(1, 'must not be empty')
  .max(80, 'must be at most 80 characters');

/** As it was meant by somebody who signs in: a phone begins it with a capital. Too long for a handle is nobody's. */
export const typedHandle = (text: string): string =>
  text.trim().toLowerCase().slice(0, 40).replaceAll('\u0000', '').toWellFormed();
