import { isRecord } from './json-schema.ts';
import type { InputShape, OperationEntry } from './operation-entry.ts';

type Named = Pick<OperationEntry, 'argumentPaths' | 'inputs'>;

const INVALID_INPUT = 'INVALID_INPUT';

/**
 * A path as the API names it, in the names that the caller used: `input.expiresAt` → `expiration_date`,
 * `memories.0.sourceId` → `memories[0].source_id`. One that leads nowhere stays as it is.
 */
export function argumentName({ argumentPaths, inputs }: Named, path: string): string {
  const segments = path.replace(/^input\./, '').split('.');
  for (let length = segments.length; length > 0; length -= 1) {
    const known = segments.slice(0, length).join('.');
    const name = Object.hasOwn(argumentPaths, known) ? argumentPaths[known] : undefined;
    if (name !== undefined) return within(name, segments.slice(length), inputs[name]);
  }
  return path;
}

function within(name: string, [segment, ...rest]: readonly string[], shape: InputShape | undefined): string {
  if (segment === undefined) return name;
  if (/^\d+$/.test(segment)) return within(`${name}[${segment}]`, rest, shape);
  const field = Object.entries(shape?.fields ?? {}).find(([, { to }]) => to === segment);
  return within(`${name}.${field?.[0] ?? segment}`, rest, field?.[1].shape);
}

/** What the API says of a bad argument, which it begins with its own name for it. */
export function inArgumentNames(entry: Named, code: string, message: string): string {
  return code === INVALID_INPUT ? message.replace(/^\S+/, (path) => argumentName(entry, path)) : message;
}

/** Every named error of an answer about a bad argument, in the caller's names. */
export function withArgumentNames(entry: Named, answer: Record<string, unknown>): Record<string, unknown> {
  const { code, message, field } = answer;
  if (code === INVALID_INPUT && typeof message === 'string') {
    return {
      ...answer,
      message: inArgumentNames(entry, code, message),
      ...(typeof field === 'string' ? { field: argumentName(entry, field) } : {}),
    };
  }
  return Object.fromEntries(Object.entries(answer).map(([key, value]) => [key, renamed(entry, value)]));
}

function renamed(entry: Named, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => renamed(entry, item));
  return isRecord(value) ? withArgumentNames(entry, value) : value;
}
