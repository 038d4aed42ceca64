import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { TEXT } from './scripted-model.mjs';

/** @type {{ tools: { name: string }[] }} */
const manifest = JSON.parse(
  await readFile(new URL('../../mcp-adapter/manifest.json', import.meta.url), 'utf8'),
);
export const TOOLS = manifest.tools.map(({ name }) => name).sort();

const RESOURCE_METADATA = 'GET /.well-known/oauth-protected-resource/mcp 200';
const SERVER_METADATA = 'GET /.well-known/oauth-authorization-server 200';

/** @param {import('./watched-picard.mjs').Asked} asked */
export const line = ({ method, path, status }) => `${method} ${path} ${status}`;

/** It was refused at `/mcp`, and found the way from there by itself. */
export function assertDiscovered(asked) {
  const lines = asked.map(line);
  const refused = lines.findIndex((each) => /^(GET|POST) \/mcp 401$/.test(each));
  const resource = lines.indexOf(RESOURCE_METADATA, refused + 1);
  const server = lines.indexOf(SERVER_METADATA, resource + 1);
  assert.ok(refused >= 0 && resource > refused && server > resource, 'It did not discover');
}

/** It registered itself; answers the name that it gave. */
export function assertRegistered(asked) {
  const registration = asked.find((each) => line(each) === 'POST /oauth/register 201');
  assert.ok(registration, 'It did not register');
  return JSON.parse(registration.body).client_name;
}

export function assertRefreshed(asked) {
  const grants = asked
    .filter(({ path }) => path === '/oauth/token')
    .map(({ body, status }) => `${new URLSearchParams(body).get('grant_type')} ${status}`);
  assert.deepEqual(grants, ['refresh_token 200']);
}

/** The revision of MCP that it spoke when it listed the tools. */
export function revisionOf(asked) {
  const listed = asked.find(({ path, status, body }) => {
    return path === '/mcp' && status === 200 && body.includes('"method":"tools/list"');
  });
  assert.ok(listed, 'It listed no tools');
  return listed.revision;
}

/** What the model was told of its call is a memory that is there. */
export async function assertKept({ url, key }, { outcome }) {
  const id = /memory_id\W+([\da-f-]{36})/.exec(outcome)?.[1];
  assert.ok(id, `The call brought no memory: ${outcome}`);
  const answer = await fetch(new URL('/api/tools', url), {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ tool: 'get_memory', data: { memory_id: id } }),
  });
  assert.ok((await answer.text()).includes(TEXT), 'The memory is not there');
}

/** What the model was told of its call is a memory, of whoever signed in. */
export function assertKeptForAnother({ outcome }) {
  assert.match(outcome, /memory_id\W+[\da-f-]{36}/);
}
