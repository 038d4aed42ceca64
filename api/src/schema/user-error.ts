import { UserError as UserErrorClass } from '../user-error.ts';
import type { InvalidInput as InvalidInputClass } from '../invalid-input.ts';
import { builder } from './builder.ts';

export const UserError = builder.interfaceRef<UserErrorClass>('UserError').implement({
  description: 'A failure that you can mend.',
  fields: (t) => ({
    code: t.exposeString('code', { description: 'Stable; programs go by it.' }),
    message: t.exposeString('message', { description: 'What happened, why, and what to do next.' }),
  }),
});

export const InvalidInput = builder.objectRef<InvalidInputClass>('InvalidInput').implement({
  description: 'An argument cannot be used. Nothing was changed.',
  interfaces: [UserError],
  fields: (t) => ({ field: t.exposeString('field', { description: 'Which one, as a path.' }) }),
});

const named = Symbol('the name of the error that a value tells of');

/** GraphQL throws whatever is an `Error`; a value of a union must be something else with the same fields. */
export function asValue<Value>(outcome: Value): Value {
  if (!(outcome instanceof UserErrorClass)) return outcome;
  return { ...outcome, message: outcome.message, [named]: outcome.name };
}

/** The type of a result that is a payload or one of the named errors. */
export function resultType(payload: string): (value: unknown) => string {
  return (value) => {
    const name: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, named) : undefined;
    return typeof name === 'string' ? name : payload;
  };
}

/** Turns a thrown error of the union's own into a value; whatever else is thrown goes on. */
export async function orNamedError<
  Value,
  Kinds extends readonly (abstract new (...args: never[]) => UserErrorClass)[],
>(kinds: Kinds, work: () => Promise<Value>): Promise<Value | InstanceType<Kinds[number]>> {
  try {
    return await work();
  } catch (error) {
    for (const kind of kinds) if (error instanceof kind) return asValue(error as InstanceType<Kinds[number]>);
    throw error;
  }
}
