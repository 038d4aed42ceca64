import { readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { compileManifest } from './compile-manifest.ts';
import { CodegenProblems } from './problem.ts';
import { readFiles } from './run-codegen.ts';

const root = new URL('../../', import.meta.url);
const schema = buildSchema(readFileSync(new URL('schema/schema.graphql', root), 'utf8'));
const files = readFiles(new URL('mcp-adapter/operations/', root), '.graphql');

/** What is wrong with one document, beside the shared fragments. */
function problemsOf(text: string): readonly string[] {
  const fragments = files.filter(({ path }) => path.startsWith('fragments/'));
  try {
    compileManifest(schema, [...fragments, { path: 'bad.graphql', text }]);
  } catch (error) {
    if (error instanceof CodegenProblems) return error.problems;
    throw error;
  }
  return [];
}

const described = '"""\nA title\n\nSome text.\nExample: {}\n"""\n';

describe('a bad document', () => {
  it.each([
    ['no description', 'query A { viewer { administrator } }', 'missing description'],
    ['no example', '"""\nA\n\nText.\n"""\nquery A { viewer { administrator } }', 'needs an example'],
    ['no title line', '"Only a line. Example: {}"\nquery A { viewer { administrator } }', 'a title line'],
    [
      'an undescribed variable',
      `${described}query A($id: ID!) { memory(id: $id) { text } }`,
      '$id: missing description',
    ],
    [
      'a camelCase variable',
      `${described}query A("x Example: 1" $memoryId: ID!) { memory(id: $memoryId) { text } }`,
      'snake_case',
    ],
    [
      'a camelCase answer',
      `${described}query A { viewer { pendingEmbeddings } }`,
      'pendingEmbeddings: give it a snake_case',
    ],
    [
      'an answer no budget bounds',
      `${described}query A { memories { edges { node { text } } } }`,
      'a list of objects needs $max_tokens',
    ],
    [
      'a budget with nothing to cut',
      `${described}query A("x Example: 1" $max_tokens: Int = 1000) { viewer { administrator } }`,
      'has no list to cut',
    ],
    [
      'pages that cannot go on',
      `${described}query A("x Example: 1" $after: String "x Example: 1" $max_tokens: Int = 1000) { memories(after: $after) { edges { node { text } } } }`,
      'needs cursor on its edges',
    ],
    [
      'a union without __typename',
      `${described}mutation A("x Example: 1" $id: ID!) { result: deleteMemory(input: { id: $id }) { ... on UserError { code } } }`,
      'select __typename',
    ],
    [
      'a field the schema lacks',
      `${described}query A { viewer { secrets } }`,
      'Cannot query field "secrets"',
    ],
    [
      'an unknown directive',
      `${described}query A @cached { viewer { administrator } }`,
      'Unknown directive "@cached"',
    ],
    [
      'a resource whose URI lacks a variable',
      `${described}query A("x Example: 1" $id: ID!) @resource(uri: "a://b") { memory(id: $id) { text } }`,
      '$id is not in a://b',
    ],
    [
      'a fixed field the input lacks',
      `${described}mutation A("x Example: 1" $m: UndeleteMemoryInput! @fixed(field: "nope", value: "x")) { result: undeleteMemory(input: $m) { __typename } }`,
      '@fixed names nope',
    ],
    [
      'a confirmation that no host without forms can give',
      `${described}mutation A("x Example: 1" $id: ID!) @confirm(message: "Sure?") { result: undeleteMemory(input: { id: $id }) { __typename } }`,
      '@confirm needs $confirmed',
    ],
    [
      'a confirmation in words of an argument that is not there',
      `${described}mutation A("x Example: 1" $id: ID! "x Example: true" $confirmed: Boolean = false) @confirm(message: "Delete {memory}?") { result: undeleteMemory(input: { id: $id }) { __typename } }`,
      '{memory} in what is asked is no argument',
    ],
    [
      'a null that nobody explains',
      `${described}query A("x Example: 1" $id: ID!) { memory(id: $id) { text } }`,
      'memory may be null: say with @notFound',
    ],
    [
      'a not-found that cannot happen',
      `${described}query A @notFound(code: "X_NOT_FOUND", message: "No.", say: "Look.") { viewer { administrator } }`,
      'needs exactly one nullable field',
    ],
    [
      'a not-found code without the ending',
      `${described}query A("x Example: 1" $id: ID!) @notFound(code: "GONE", message: "No.", say: "Look.") { memory(id: $id) { text } }`,
      'the code ends in _NOT_FOUND',
    ],
    [
      'a subscription',
      `${described}subscription A { memory_changed: memoryChanged { kind } }`,
      'only with @progress or @log',
    ],
    [
      'progress that no event has',
      `${described}subscription A @progress(done: "change.done") { change: memoryChanged { kind } }`,
      '@progress: the answer has no change.done',
    ],
    [
      'a log of no level',
      `${described}subscription A @log(level: "loud", message: "change.kind") { change: memoryChanged { kind } }`,
      '@log: the level is one of',
    ],
    [
      'updates of what no event names',
      `subscription A @updates(uri: "memories://{memory}") { change: memoryChanged { kind } }`,
      '@updates: an event has no memory',
    ],
    [
      'parts of an argument that is not there',
      `${described}mutation A("x Example: 1" $id: ID!) @parts(argument: "ids", size: 10, most: 50) { result: undeleteMemory(input: { id: $id }) { __typename } }`,
      '@parts: there is no argument ids',
    ],
    [
      'content of no kind',
      `${described}query A { viewer { user { handle @content(as: "VIDEO") } } }`,
      '@content: VIDEO is none of',
    ],
    [
      'content without its parts',
      `${described}query A { viewer { user @content(as: "IMAGE") { handle } } }`,
      'select data and mime_type',
    ],
    [
      'a list of what is no resource',
      `query A($after: String, $max_tokens: Int = 1000) @list(resource: "page", name: "{id}") { memories(first: 5, after: $after) { page_info: pageInfo { has_next_page: hasNextPage end_cursor: endCursor } edges { cursor node { id } } } }`,
      '@list names page, which is no resource',
    ],
    [
      'a form deeper than hosts can show',
      `${described}mutation A($input: SubmitMemoriesInput! @ask(message: "What?")) { result: submitMemories(input: $input) { __typename } }`,
      'a form asks for texts, numbers',
    ],
    [
      'a model asked for more than a text',
      `${described}query A($first: Int! @sample(prompt: "How many?")) { viewer { tags(first: $first) { tag } } }`,
      '@sample answers one String',
    ],
    [
      'a name that is too long',
      `${described}query A${'a'.repeat(64)} { viewer { administrator } }`,
      'must be at most 64',
    ],
  ])('is refused: %s', (_what, text, problem) => {
    expect(problemsOf(text).join('\n')).toContain(problem);
  });

  it('is refused when a list of objects has no page size', () => {
    const unbounded = buildSchema('type Query { things: [Thing!]! count: Int } type Thing { name: String! }');
    const text = `${described}query A("x Example: 1" $max_tokens: Int = 1000) { things { name } }`;
    expect(() => compileManifest(unbounded, [{ path: 'a.graphql', text }])).toThrow(
      'unbounded list at things',
    );
  });

  it('is refused when an input contains itself', () => {
    const recursive = buildSchema('type Query { a(i: I!): Boolean } input I { inner: I }');
    const text = `${described}query A("x Example: 1" $i: I!) { a(i: $i) }`;
    expect(() => compileManifest(recursive, [{ path: 'a.graphql', text }])).toThrow(
      'cannot be written without $ref',
    );
  });
});
