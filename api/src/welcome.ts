import { linkPath } from './accounts/account-link.ts';
import { createFirstClaimLink } from './accounts/create-account-link.ts';
import type { Picard } from './start-picard.ts';

/**
 * What a newcomer needs first: what runs where, the key, and three things to try. As long as nobody has claimed the
 * administrator’s account, each call makes a link for that.
 */
export async function welcome({ config, services, http, firstKey }: Picard): Promise<string> {
  const { origin } = http.publicUrl;
  const { resources, tools } = http.oauth.addresses;
  const claim = await createFirstClaimLink(services);
  const key = firstKey ?? 'YOUR_API_KEY';
  const database =
    services.database.kind === 'embedded' ? `embedded, in ${config.dataFolder}` : 'Postgres, at DATABASE_URL';
  const model =
    services.embeddings.activeModel ?? 'none: search is by words alone (npx picard doctor says why)';
  const keyLine = firstKey
    ? `${firstKey}   (also in ${config.dataFolder}/first-key)`
    : 'made at the first start; that file is gone, so use a key that you kept';
  const claimLine = claim
    ? `
  Make the administrator’s account yours, once, by ${claim.expiresAt.toISOString().slice(0, 10)}:
  ${new URL(linkPath(claim), origin).href}
`
    : '';
  return `
Picard runs.

  GraphQL     ${origin}/graphql
  GraphiQL    ${origin}/graphiql
  MCP         ${resources.mcp}
  REST tools  ${tools}   reference: ${new URL('docs', resources.mcp).href}
  Health      ${origin}/health

  Database    ${database}
  Embeddings  ${model}
  API key     ${keyLine}
${claimLine}
Ask GraphQL:
  curl ${origin}/graphql -H 'authorization: Bearer ${key}' -H 'content-type: application/json' \\
    -d '{"query":"{ viewer { user { handle } memories { totalCount } } }"}'

Give it to Claude Code:
  claude mcp add --transport http picard ${resources.mcp} --header 'Authorization: Bearer ${key}'

Stop with Ctrl+C. Everything is kept for the next start.
`;
}
