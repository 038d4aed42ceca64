import { readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { compileManifest } from './compile-manifest.ts';
import { CodegenProblems } from './problem.ts';
import { readFiles } from './run-codegen.ts';

const root = new URL('../../', import.meta.url);
const schema = buildSchema(readFileSync(new URL('schema/schema.graphql', root), 'utf8'));
const files = readFiles(new URL('mcp-adapter/operations/', root), '.graphql');

function problemsOf(text: string): string {
  try {
    compileManifest(schema, files, [{ path: 'a-prompt.md', text }]);
    return '';
  } catch (error) {
    if (error instanceof CodegenProblems) return error.problems.join('\n');
    throw error;
  }
}

const prompt = (head: string, body: string) => `---\ntitle: A\ndescription: B.\n${head}---\n\n${body}\n`;

describe('a prompt', () => {
  it('is compiled with its arguments and the operation of its data', () => {
    const text = prompt('data: Recall\narguments:\n  topic: What.\n  tag?: Which.\n', 'About {{topic}}');
    const [compiled] = compileManifest(schema, files, [{ path: 'a-prompt.md', text }]).prompts;
    expect(compiled).toMatchObject({
      name: 'a_prompt',
      title: 'A',
      template: 'About {{topic}}',
      arguments: [
        { name: 'topic', description: 'What.', required: true },
        { name: 'tag', description: 'Which.', required: false },
      ],
      data: { operationName: 'Recall', scopes: [['memories:read']] },
    });
    expect(compiled?.data?.document).not.toContain('@prompt');
  });

  it.each([
    ['no front matter', 'Only a text.', 'begins with front matter'],
    ['no title', '---\ndescription: B.\n---\nText', 'title is missing'],
    ['a field it does not know', prompt('model: gpt\n', 'Text'), 'knows no model'],
    ['an argument without meaning', prompt('arguments:\n  topic:\n', '{{topic}}'), 'say what it means'],
    ['data that is not there', prompt('data: Nothing\n', 'Text'), 'there is no query Nothing'],
    ['data without what it needs', prompt('data: Recall\n', 'Text'), 'Recall needs $topic'],
    [
      'data with what it needs left to the caller',
      prompt('data: Recall\narguments:\n  topic?: What.\n', 'Text'),
      'make it an argument that must be given',
    ],
    [
      'a name that is nothing',
      prompt('', 'About {{topic}}'),
      '{{topic}}: neither an argument nor in the data',
    ],
    [
      'a name that its data lacks',
      prompt(
        'data: Recall\narguments:\n  topic: What.\n',
        '{{#each data.matches.edges}}{{node.secret}}{{/each}}',
      ),
      '{{node.secret}}: neither',
    ],
    [
      'a section over no list',
      prompt('data: Recall\narguments:\n  topic: What.\n', '{{#each data.matches}}{{/each}}'),
      'no list',
    ],
    ['a section left open', prompt('', '{{#if a}}'), 'not closed'],
  ])('with %s is refused', (_what, text, problem) => {
    expect(problemsOf(text)).toContain(problem);
  });
});
