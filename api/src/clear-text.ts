import { z } from 'zod';

/** Text that is kept in clear: Postgres can store neither NUL nor half a surrogate pair. */
export const clearText = z
  .string()
  .refine((value) => !value.includes('\u0000'), 'must not hold NUL characters')
  .refine((value) => value.isWellFormed(), 'must be well-formed Unicode, without lone surrogates');
