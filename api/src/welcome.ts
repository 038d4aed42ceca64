import type { Picard } from './start-picard.ts';

/** What a newcomer needs first: what runs where, the key, and three things to try. */
export function welcome({ config, services, http, firstKey }: Picard): string {
  const { origin } = http.publicUrl;
  const key = firstKey ?? 'YOUR_API_KEY';
  const database =
    services.database.kind === 'embedded' ? `embedded, in ${config.dataFolder}` : 'Postgres, at DATABASE_URL';
  const model =
    services.embeddings.activeModel ?? 'none: search is by words alone (npx picard doctor says why)';
  const keyLine = firstKey
    ? `${firstKey}   (also in ${config.dataFolder}/first-key)`
    : 'made at the first start; that file is gone, so use a key that you kept';
  return `
Picard runs.

  GraphQL     ${origin}/graphql
  GraphiQL    ${origin}/graphiql
  MCP         ${origin}/mcp
  REST tools  ${origin}/api/tools   reference: ${origin}/docs
  Health      ${origin}/health

  Database    ${database}
  Embeddings  ${model}
  API key     ${keyLine}

Ask GraphQL:
  curl ${origin}/graphql -H 'authorization: Bearer ${key}' -H 'content-type: application/json' \\
    -d '{"query":"{ viewer { user { handle } memories { totalCount } } }"}'

Give it to Claude Code:
  claude mcp add --transport http picard ${origin}/mcp --header 'Authorization: Bearer ${key}'

Stop with Ctrl+C. Everything is kept for the next start.
`;
}
