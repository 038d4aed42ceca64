import { readFile } from 'node:fs/promises';
import {
  getNamedType,
  getNullableType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  parse,
  visit,
  type GraphQLField,
  type GraphQLInputType,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scopes } from '../src/accounts/viewer.ts';
import { schema } from '../src/schema/index.ts';
import { scopeOf } from '../src/schema/notes.ts';
import { sdl } from '../src/schema/print.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

let picard: TestPicard;
const keys: Record<string, string> = {};
beforeAll(async () => {
  picard = await startTestPicard();
  for (const scope of ['MEMORIES_READ', 'MEMORIES_WRITE', 'MEMORIES_ADMIN', 'ACCOUNT_MANAGE']) {
    const document =
      'mutation ($scope: Scope!) { createApiKey(input: { name: "x", scopes: [$scope], faces: [GRAPHQL] }) { ... on CreateApiKeyPayload { secret } } }';
    const { createApiKey } = await picard.data<{ createApiKey: { secret: string } }>(document, { scope });
    keys[scope.toLowerCase().replace('_', ':')] = createApiKey.secret;
  }
});
afterAll(() => picard[Symbol.asyncDispose]());

/** Anybody who is signed in, whatever the scope. A new root field must be put here or bear a scope. */
const SIGNED_IN = ['Query.viewer', 'Query.user'];
/** What of a person every credential may read; everything else of them bears a scope. */
const OPEN = [
  'Viewer.user',
  'Viewer.administrator',
  'Viewer.scopes',
  'User.id',
  'User.handle',
  'User.displayName',
];
/** What a scope implies. */
const HELD: Record<string, string[]> = {
  'memories:read': ['memories:read'],
  'memories:write': ['memories:read', 'memories:write'],
  'memories:admin': ['memories:admin'],
  'account:manage': ['account:manage'],
};

interface Place {
  name: string;
  field: GraphQLField<unknown, unknown>;
  scope: string | null;
}
function fieldsOf(typename: string): Place[] {
  const type = schema.getType(typename);
  if (!isObjectType(type)) throw new Error(typename);
  return Object.values(type.getFields()).map((field) => ({
    name: `${typename}.${field.name}`,
    field,
    scope: scopeOf(field.extensions),
  }));
}
const roots = ['Query', 'Mutation', 'Subscription'].flatMap(fieldsOf);
const people = ['Viewer', 'User'].flatMap(fieldsOf);

/** The least that fits a type, for a call that is refused before it is looked at. */
function least(type: GraphQLInputType): unknown {
  const nullable = getNullableType(type);
  if (isListType(nullable)) return [least(nullable.ofType)];
  if (isEnumType(nullable)) return nullable.getValues()[0]?.name;
  if (isInputObjectType(nullable)) {
    const required = Object.values(nullable.getFields()).filter((field) => isNonNullType(field.type));
    return Object.fromEntries(required.map((field) => [field.name, least(field.type)]));
  }
  if (nullable.name === 'DateTime') return '2026-01-01T00:00:00Z';
  if (nullable.name === 'Boolean') return false;
  return nullable.name === 'Int' ? 1 : '00000000-0000-4000-8000-000000000000';
}

function call({ field }: Place): { selection: string; declared: string; variables: Record<string, unknown> } {
  const required = field.args.filter((arg) => isNonNullType(arg.type));
  const given = required.map(({ name }) => `${name}: $${name}`).join(', ');
  return {
    selection: `${field.name}${given && `(${given})`} ${isCompositeType(getNamedType(field.type)) ? '{ __typename }' : ''}`,
    declared:
      required.length > 0
        ? `(${required.map(({ name, type }) => `$${name}: ${String(type)}`).join(', ')})`
        : '',
    variables: Object.fromEntries(required.map(({ name, type }) => [name, least(type)])),
  };
}

describe('P15 every field has its scope', () => {
  test('P15 each root field bears a scope, or is for anybody who is signed in', () => {
    expect(
      roots
        .filter(({ scope }) => scope === null)
        .map(({ name }) => name)
        .sort(),
    ).toEqual([...SIGNED_IN].sort());
    for (const { scope } of roots) if (scope) expect(scopes).toContain(scope);
  });

  test('P15 what is of a person bears a scope, but for the name', () => {
    expect(
      people
        .filter(({ scope }) => scope === null)
        .map(({ name }) => name)
        .sort(),
    ).toEqual([...OPEN].sort());
  });

  test('P15 every mutation asks for more than reading', () => {
    for (const { scope, name } of fieldsOf('Mutation'))
      expect([name, scope]).not.toEqual([name, 'memories:read']);
  });

  test('P15 the printed schema is the one that runs, and its @requiresScopes are what is enforced', async () => {
    const printed = await readFile(new URL('../../schema/schema.graphql', import.meta.url), 'utf8');
    expect(sdl(schema)).toBe(printed);
    const told = new Map<string, string>();
    visit(parse(printed), {
      ObjectTypeDefinition(type) {
        for (const field of type.fields ?? []) {
          const directive = field.directives?.find(({ name }) => name.value === 'requiresScopes');
          if (directive)
            told.set(
              `${type.name.value}.${field.name.value}`,
              JSON.stringify(directive).match(/(?:memories|account):\w+/)?.[0] ?? '',
            );
        }
      },
    });
    const enforced = Object.values(schema.getTypeMap())
      .filter((type) => isObjectType(type) && !type.name.startsWith('__'))
      .flatMap(({ name }) => fieldsOf(name))
      .flatMap(({ name, scope }): [string, string][] => (scope === null ? [] : [[name, scope]]));
    expect(Object.fromEntries(told)).toEqual(Object.fromEntries(enforced));
  });
});

const operation = (name: string): string => name.split('.')[0]?.toLowerCase() ?? '';
const asked = roots.filter(({ name }) => !name.startsWith('Subscription'));

describe('P15 every scope is enforced', () => {
  test.each(roots)('P15 $name asks an anonymous caller to sign in', async (place) => {
    const { selection, declared, variables } = call(place);
    const answer = await picard.ask(`${operation(place.name)} ${declared} { ${selection} }`, variables, null);
    expect(answer.errors?.map(({ extensions }) => extensions['code'])).toEqual(['UNAUTHENTICATED']);
    expect(Object.values(answer.data ?? {}).filter((value) => value !== null)).toEqual([]);
  });

  for (const [held, holds] of Object.entries(HELD)) {
    const beyond = roots.filter(({ scope }) => scope !== null && !holds.includes(scope));
    test.each(beyond)(`P15 $name is forbidden to a key of ${held}`, async (place) => {
      const { selection, declared, variables } = call(place);
      const answer = await picard.ask(
        `${operation(place.name)} ${declared} { ${selection} }`,
        variables,
        keys[held],
      );
      expect(answer.errors?.map(({ extensions }) => extensions)).toEqual([
        { code: 'FORBIDDEN', requiredScopes: [place.scope] },
      ]);
      expect(Object.values(answer.data ?? {}).filter((value) => value !== null)).toEqual([]);
    });

    test.each(people)(`P15 $name to a key of ${held}`, async (place) => {
      const { selection } = call(place);
      const below = place.name.startsWith('Viewer') ? selection : `user { ${selection} }`;
      const { errors, data } = await picard.ask<Record<string, unknown>>(
        `{ viewer { ${below} } }`,
        {},
        keys[held],
      );
      if (place.scope === null || holds.includes(place.scope)) {
        expect(errors).toBeUndefined();
        expect(data).toHaveProperty('viewer');
      } else expect(errors?.[0]?.extensions).toEqual({ code: 'FORBIDDEN', requiredScopes: [place.scope] });
    });
  }

  test.each(
    asked.filter(({ name }) => !['Mutation.rotateMasterKey', 'Mutation.revokeApiKey'].includes(name)),
  )('P15 $name is open to a key that holds its scope', async (place) => {
    const { selection, declared, variables } = call(place);
    const document = `${operation(place.name)} ${declared} { ${selection} }`;
    const { errors } = await picard.ask(document, variables, keys[place.scope ?? 'memories:read']);
    expect(errors).toBeUndefined();
  });
});
