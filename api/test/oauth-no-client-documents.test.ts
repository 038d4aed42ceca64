import { expect, test } from 'vitest';
import { proofKey } from './oauth-browser.ts';
import { OauthStage } from './oauth-stage.ts';
import { PlainBrowser } from './plain-browser.ts';

const ID = 'https://host.example/oauth/client.json';

/** What a person sees whom a host that names itself by a document has sent. */
async function shownFor(stage: OauthStage): Promise<string> {
  const begun = new URLSearchParams({
    client_id: ID,
    redirect_uri: 'http://127.0.0.1:51234/callback',
    response_type: 'code',
    code_challenge: proofKey().challenge,
    code_challenge_method: 'S256',
  });
  const page = await new PlainBrowser(new URL(stage.issuer)).open(`/oauth/authorize?${begun}`);
  return `${page.title}: ${page.text}`;
}

const offersDocuments = async (stage: OauthStage): Promise<unknown> =>
  (await stage.json('/.well-known/oauth-authorization-server')).body.client_id_metadata_document_supported;

test('a server that cannot fetch a document says so, and what can be done instead', async () => {
  const fetchDocument = () => Promise.reject(new Error('ENOTFOUND'));
  await using stage = await OauthStage.open({ fetchDocument });
  expect(await offersDocuments(stage)).toBe(true);
  const shown = await shownFor(stage);
  expect(shown).toContain('The app could not be looked up');
  expect(shown).toContain('connect the app with an API key');
});

test('where documents are off, discovery offers registration alone, and none is fetched', async () => {
  let fetched = 0;
  const fetchDocument = async () => {
    fetched += 1;
    return new Response('{}');
  };
  await using stage = await OauthStage.open({ fetchDocument, env: { PICARD_CLIENT_DOCUMENTS: 'off' } });
  expect(await offersDocuments(stage)).not.toBe(true);
  expect(await shownFor(stage)).toContain('This app is not known here');
  expect(fetched).toBe(0);
  expect(await stage.tokens(await stage.host())).toHaveProperty('access_token');
});
