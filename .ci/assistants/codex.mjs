import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { picard as picardCommand } from '../start-picard.mjs';
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

export const codex = {
  title: 'Codex',
  package: '@openai/codex',
  version: '0.169.0',
  command: '.bin/codex',
  check: checkCodex,
};

const settings = (modelUrl) => `
model = "scripted"
model_provider = "scripted"
cli_auth_credentials_store = "file"
mcp_oauth_credentials_store = "file"
check_for_update_on_startup = false

[analytics]
enabled = false

[model_providers.scripted]
name = "scripted"
base_url = "${modelUrl}/v1"
wire_api = "responses"
`;

async function checkCodex({ command, picard, model, check }) {
  const room = async () => {
    const made = await Room.make(command, (home) => ({ CODEX_HOME: join(home, '.codex') }));
    await mkdir(made.env['CODEX_HOME']);
    await writeFile(join(made.env['CODEX_HOME'], 'config.toml'), settings(model.url));
    return made;
  };
  const add = ['mcp', 'add', 'picard', '--url', picard.mcp];
  const person = (address) => allowAsNewcomer(picard.url, address);

  await using withKey = await room();
  const key = { env: { PICARD_TOKEN: picard.key } };
  await check('with a key: all tools listed, and one called', async (asked) => {
    await withKey.run([...add, '--bearer-token-env-var', 'PICARD_TOKEN']);
    assert.equal(await authOf(withKey), 'bearer_token');
    await remember(withKey, [], key);
    await assertKept(picard, model.heard);
    return `MCP ${revisionOf(asked())}, ${TOOLS.length} tools`;
  });
  await check('the same in the newest revision, which it has behind a switch', async (asked) => {
    await remember(withKey, ['--enable', 'mcp_2026_07_28'], key);
    await assertKept(picard, model.heard);
    assert.equal(revisionOf(asked()), '2026-07-28');
  });

  await using withDocument = await room();
  await check(
    'without a key: discovers the authorization server, signs in by its document',
    async (asked) => {
      let document;
      const printed = await withDocument.signIn(
        [...add, '--oauth-client-registration', 'cimd'],
        (address) => {
          document = new URL(address).searchParams.get('client_id');
          return person(address);
        },
      );
      assertDiscovered(asked());
      assert.match(document, /^https:\/\/chatgpt\.com\//);
      if (printed === null) return `up to its document, which cannot be fetched from here: ${document}`;
      assert.equal(await authOf(withDocument), 'o_auth');
      return document;
    },
  );

  await using registered = await room();
  await check('discovers, registers, signs in', async (asked) => {
    const printed = await registered.signIn([...add, '--oauth-client-registration', 'dcr'], person);
    assert.match(printed, /Successfully logged in/);
    assertDiscovered(asked());
    assert.equal(await authOf(registered), 'o_auth');
    return `as “${assertRegistered(asked())}”`;
  });
  await check('with its token: all tools listed, and one called', async () => {
    await remember(registered);
    assertKeptForAnother(model.heard);
    return `${TOOLS.length} tools`;
  });
  await check('with a token that has expired: refreshes it', async (asked) => {
    const file = join(registered.env['CODEX_HOME'], '.credentials.json');
    const kept = JSON.parse(await readFile(file, 'utf8'));
    for (const each of Object.values(kept)) each.expires_at = 1;
    await writeFile(file, JSON.stringify(kept));
    await remember(registered);
    assertKeptForAnother(model.heard);
    assertRefreshed(asked());
  });

  await using stdio = await room();
  await check('over stdio: all tools listed, and one called', async () => {
    const env = ['--env', `PICARD_URL=${picard.url.href}`, '--env', `PICARD_TOKEN=${picard.key}`];
    await stdio.run(['mcp', 'add', 'picard', ...env, '--', process.execPath, picardCommand, 'mcp']);
    await remember(stdio);
    await assertKept(picard, model.heard);
  });

  async function remember(where, options = [], more = {}) {
    Object.assign(model.heard, { tools: [], outcome: '' });
    // Else it does not wait long for its servers before it asks the model.
    const required = ['-c', 'mcp_servers.picard.required=true'];
    const prompt = 'Remember that Ada drinks green tea.';
    await where.run(['exec', '--skip-git-repo-check', ...required, ...options, prompt], more);
    const offered = model.heard.tools.filter(({ namespace }) => namespace === 'mcp__picard');
    assert.deepEqual(offered.map(({ name }) => name).sort(), TOOLS);
  }
}

/** How Codex says that it would authenticate. */
async function authOf(room) {
  const [server] = JSON.parse(await room.run(['mcp', 'list', '--json']));
  return server.auth_status;
}
