import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { picard as picardCommand } from '../start-picard.mjs';
import { openSession } from './claude-session.mjs';
import {
  assertDiscovered,
  assertKept,
  assertKeptForAnother,
  assertRefreshed,
  assertRegistered,
  revisionOf,
  TOOLS,
} from './expectations.mjs';
import { allowAsNewcomer } from './person.mjs';
import { Room } from './room.mjs';

export const claudeCode = {
  title: 'Claude Code',
  package: '@anthropic-ai/claude-code',
  version: '2.1.330',
  command: `@anthropic-ai/claude-code-${process.platform}-${process.arch}/claude`,
  check: checkClaudeCode,
};

const CONNECTED = /^picard: .*✔ Connected$/m;
/** No path that its own document names: it registers for it, as it does for a program that drives it. */
const REDIRECT = 'http://localhost:8976/picard/callback';

async function checkClaudeCode({ command, picard, model, check }) {
  const room = () =>
    Room.make(command, (home) => ({
      CLAUDE_CONFIG_DIR: join(home, '.claude'),
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      DISABLE_AUTOUPDATER: '1',
      DISABLE_TELEMETRY: '1',
      DISABLE_ERROR_REPORTING: '1',
      ANTHROPIC_BASE_URL: model.url,
      ANTHROPIC_API_KEY: 'none',
      // The model is offered every tool, instead of a search in them.
      ENABLE_TOOL_SEARCH: 'false',
    }));
  const add = ['mcp', 'add', '--transport', 'http', 'picard', picard.mcp];
  const header = `Authorization: Bearer ${picard.key}`;

  await using withKey = await room();
  await check('with a key: connected', async (asked) => {
    await withKey.run([...add, '--header', header]);
    assert.match(await withKey.run(['mcp', 'list']), CONNECTED);
    return `MCP ${revisionOf(asked())}`;
  });
  await check('with a key: all tools listed, and one called', async () => {
    await remember(withKey);
    await assertKept(picard, model.heard);
    return `${TOOLS.length} tools`;
  });

  await using withDocument = await room();
  await check('without a key: discovers the authorization server', async (asked) => {
    await withDocument.run(add);
    assert.match(await withDocument.run(['mcp', 'list']), /^picard: .*! Needs authentication$/m);
    assertDiscovered(asked());
  });
  await check('`claude mcp login`: signs in by its document', async () => {
    let document;
    // It wants a terminal.
    const terminal = ['-qec', `'${command}' mcp login picard`, '/dev/null'];
    const printed = await withDocument.signIn(
      terminal,
      (address) => {
        document = new URL(address).searchParams.get('client_id');
        return allowAsNewcomer(picard.url, address);
      },
      { command: 'script' },
    );
    assert.match(document, /^https:\/\/claude\.ai\//);
    if (printed === null) return `up to its document, which cannot be fetched from here: ${document}`;
    assert.match(await withDocument.run(['mcp', 'list']), CONNECTED);
    return document;
  });

  await using registered = await room();
  await check('registers, signs in, connected', async (asked) => {
    await registered.run(add);
    const session = openSession(registered);
    await session.request('initialize');
    const { authUrl } = await session.request('mcp_authenticate', {
      serverName: 'picard',
      redirectUri: REDIRECT,
      redirectUriOnly: true,
    });
    const callbackUrl = (await allowAsNewcomer(picard.url, authUrl)).href;
    await session.request('mcp_oauth_callback_url', { serverName: 'picard', callbackUrl });
    await session.close();
    assert.match(await registered.run(['mcp', 'list']), CONNECTED);
    return `as “${assertRegistered(asked())}”`;
  });
  await check('with its token: all tools listed, and one called', async () => {
    await remember(registered);
    assertKeptForAnother(model.heard);
    return `${TOOLS.length} tools`;
  });
  await check('with a token that has expired: refreshes it', async (asked) => {
    const file = join(registered.home, '.claude/.credentials.json');
    const kept = JSON.parse(await readFile(file, 'utf8'));
    for (const each of Object.values(kept.mcpOAuth)) each.expiresAt = 1;
    await writeFile(file, JSON.stringify(kept));
    assert.match(await registered.run(['mcp', 'list']), CONNECTED);
    assertRefreshed(asked());
  });

  await using stdio = await room();
  await check('over stdio: connected', async () => {
    const env = ['-e', `PICARD_URL=${picard.url.href}`, '-e', `PICARD_TOKEN=${picard.key}`];
    await stdio.run(['mcp', 'add', 'picard', ...env, '--', process.execPath, picardCommand, 'mcp']);
    assert.match(await stdio.run(['mcp', 'list']), CONNECTED);
  });

  async function remember(where) {
    model.heard.outcome = '';
    const allowed = ['--allowedTools', 'mcp__picard__submit_memory'];
    const out = await where.run([
      '-p',
      'Remember that Ada drinks green tea.',
      '--verbose',
      '--output-format',
      'stream-json',
      ...allowed,
    ]);
    const init = out
      .split('\n')
      .filter(Boolean)
      .map((each) => JSON.parse(each))
      .find(({ type, subtype }) => type === 'system' && subtype === 'init');
    assert.deepEqual(
      init.mcp_servers.map(({ name, status }) => `${name} ${status}`),
      ['picard connected'],
    );
    const names = init.tools.filter((name) => name.startsWith('mcp__picard__')).sort();
    assert.deepEqual(
      names,
      TOOLS.map((name) => `mcp__picard__${name}`),
    );
  }
}
