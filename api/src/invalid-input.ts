import type { z } from 'zod';
import { UserError } from './user-error.ts';

/** An argument that cannot be used; nothing was changed. */
export class InvalidInput extends UserError {
  override readonly name = 'InvalidInput';
  readonly code = 'INVALID_INPUT';
  readonly field: string;
  /** @param problem reads on from the field's name: "must be …". */
  constructor(field: string, problem: string) {
    super(`${field} ${problem}.`);
    this.field = field;
  }
}

/** The value in the form that the schema asks for. @throws {InvalidInput} naming the field. */
export function checked<Schema extends z.ZodType>(
  field: string,
  schema: Schema,
  value: unknown,
): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = issue && issue.path.length > 0 ? `${field}.${issue.path.join('.')}` : field;
  throw new InvalidInput(path, phrase(issue?.message ?? 'cannot be used'));
}

/** Zod says "Too big: expected string to have <=80 characters"; ours already read on from the field's name. */
function phrase(message: string): string {
  return message.startsWith('must ') ? message : `cannot be used (${message.replace(/\.$/, '')})`;
}
