import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { adapterClient, serviceClient, type OauthClients } from './oauth/listed-clients.ts';
import { trustedIssuer, type TrustedIssuer } from './oauth/trusted-issuer.ts';
import { trustedProxies } from './trusted-proxies.ts';

const port = z.coerce.number().int().min(0).max(65_535);
/** An empty variable means the same as an absent one, as in a compose file. */
const optional = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional());

/** A setting that holds JSON. */
const json = <Schema extends z.ZodType>(schema: Schema) =>
  optional(
    z
      .string()
      .transform((text, context): unknown => {
        try {
          return JSON.parse(text);
        } catch {
          context.addIssue({ code: 'custom', message: 'must be JSON' });
          return z.NEVER;
        }
      })
      .pipe(schema),
  );

/** Apps look for what describes a server at the root of its host (RFC 8414 section 3.1, RFC 9728 section 3.1). */
const hostUrl = z
  .url({ protocol: /^https?$/ })
  .refine(
    (value) => new URL(value).href === `${new URL(value).origin}/`,
    'must be a scheme and a host, without a path: apps look for /.well-known at the root of the host. Give it a host name of its own, such as https://memories.example.org',
  );

/** Every setting, read from the environment once, at start. `.env.example` lists the same names. */
const environment = z.object({
  PICARD_PORT: optional(port).transform((value) => value ?? 8001),
  PICARD_HOST: optional(z.string()).transform((value) => value ?? '127.0.0.1'),
  PICARD_PUBLIC_URL: optional(hostUrl),
  PICARD_MCP_URL: optional(hostUrl),
  PICARD_TRUSTED_PROXIES: optional(trustedProxies).transform((value) => value ?? []),
  PICARD_REGISTRATION: optional(z.enum(['open', 'closed'])).transform((value) => value ?? 'open'),
  PICARD_CLIENT_DOCUMENTS: optional(z.enum(['on', 'off'])).transform((value) => value !== 'off'),
  PICARD_ADAPTER_CLIENT: json(adapterClient),
  PICARD_SERVICE_CLIENTS: json(z.array(serviceClient)).transform((value) => value ?? []),
  PICARD_TRUSTED_ISSUERS: json(z.array(trustedIssuer)).transform((value) => value ?? []),
  PICARD_DATA: optional(z.string()).transform((value) => resolve(value ?? '.picard')),
  DATABASE_URL: optional(z.url({ protocol: /^postgres(ql)?$/ })),
  PICARD_DATABASE_CONNECTIONS: optional(z.coerce.number().int().min(2).max(200)).transform(
    (value) => value ?? 10,
  ),
  PICARD_MASTER_KEYS: optional(z.string()),
  PICARD_EMBEDDING: optional(z.enum(['local', 'openai', 'none'])),
  PICARD_MODEL_CACHE: optional(z.string()),
  PICARD_MODEL_FOLDER: optional(z.string()),
  PICARD_MODEL_POOLING: optional(z.enum(['cls', 'mean'])).transform((value) => value ?? 'mean'),
  PICARD_MODEL_QUERY_PREFIX: optional(z.string()),
  OPENAI_API_KEY: optional(z.string()),
  OPENAI_BASE_URL: optional(z.url({ protocol: /^https?$/ })),
  PICARD_EMBEDDING_MODEL: optional(z.string()).transform((value) => value ?? 'text-embedding-3-small'),
  PICARD_EMBEDDING_DIMENSIONS: optional(z.coerce.number().int().min(1).max(4000)),
  PICARD_LOG_LEVEL: optional(z.enum(['fatal', 'error', 'warn', 'info', 'debug'])).transform(
    (value) => value ?? 'info',
  ),
});

export interface Config {
  port: number;
  host: string;
  /** The address that others use, when it is not the one we listen on (behind a proxy). */
  publicUrl: string | undefined;
  /** The address of the MCP adapter where it runs apart; this process then serves neither MCP nor REST tools. */
  mcpUrl: string | undefined;
  /** Networks of proxies whose word about where a request came from is believed. */
  trustedProxies: readonly string[];
  /** Whether anybody may make an account for themselves; an administrator may always make one for them. */
  registration: 'open' | 'closed';
  /** Whether apps may name themselves by a document on the internet instead of registering. */
  clientDocuments: boolean;
  /** Clients of the authorization server with rights of their own. */
  oauthClients: OauthClients;
  /** OpenID providers of others whose tokens are taken. */
  trustedIssuers: readonly TrustedIssuer[];
  dataFolder: string;
  databaseUrl: string | undefined;
  databaseConnections: number;
  /** `version:base64` pairs, comma-separated. */
  masterKeys: string | undefined;
  embedding: {
    provider: 'local' | 'openai' | 'none';
    cacheFolder: string;
    /** A model of one's own, in place of the default one. */
    localFolder:
      | { path: string; dimensions: number; pooling: 'cls' | 'mean'; queryPrefix: string | undefined }
      | undefined;
    apiKey: string | undefined;
    baseUrl: string | undefined;
    model: string;
    dimensions: number | undefined;
  };
  logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug';
}

export class InvalidConfig extends Error {
  override readonly name = 'InvalidConfig';
  readonly code = 'INVALID_CONFIG';
}

/** Reads and checks the settings; a bad one is refused by its name, with what would be accepted. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const parsed = environment.safeParse(env);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
    throw new InvalidConfig(
      `These environment variables cannot be used:\n${problems.join('\n')}\nSee .env.example for what each accepts.`,
    );
  }
  const values = parsed.data;
  const provider = values.PICARD_EMBEDDING ?? (values.OPENAI_API_KEY ? 'openai' : 'local');
  if (provider === 'openai' && !values.OPENAI_API_KEY && !values.OPENAI_BASE_URL) {
    throw new InvalidConfig(
      'PICARD_EMBEDDING=openai needs OPENAI_API_KEY, or OPENAI_BASE_URL for a compatible server.',
    );
  }
  if (values.PICARD_MCP_URL && !values.PICARD_ADAPTER_CLIENT)
    throw new InvalidConfig(
      'PICARD_MCP_URL says that the MCP adapter runs apart, which needs PICARD_ADAPTER_CLIENT: npm run -s adapter keys makes both lines.',
    );
  return {
    port: values.PICARD_PORT,
    host: values.PICARD_HOST,
    publicUrl: values.PICARD_PUBLIC_URL,
    mcpUrl: values.PICARD_MCP_URL,
    trustedProxies: values.PICARD_TRUSTED_PROXIES,
    registration: values.PICARD_REGISTRATION,
    clientDocuments: values.PICARD_CLIENT_DOCUMENTS,
    oauthClients: { adapter: values.PICARD_ADAPTER_CLIENT, services: values.PICARD_SERVICE_CLIENTS },
    trustedIssuers: values.PICARD_TRUSTED_ISSUERS,
    dataFolder: values.PICARD_DATA,
    databaseUrl: values.DATABASE_URL,
    databaseConnections: values.PICARD_DATABASE_CONNECTIONS,
    masterKeys: values.PICARD_MASTER_KEYS,
    embedding: {
      provider,
      cacheFolder: values.PICARD_MODEL_CACHE ?? modelCache(env),
      localFolder: localFolder(values),
      apiKey: values.OPENAI_API_KEY,
      baseUrl: values.OPENAI_BASE_URL,
      model: values.PICARD_EMBEDDING_MODEL,
      dimensions: values.PICARD_EMBEDDING_DIMENSIONS,
    },
    logLevel: values.PICARD_LOG_LEVEL,
  };
}

type Values = z.infer<typeof environment>;

function localFolder(values: Values): Config['embedding']['localFolder'] {
  const { PICARD_MODEL_FOLDER: path, PICARD_EMBEDDING_DIMENSIONS: dimensions } = values;
  if (!path) return undefined;
  if (!dimensions)
    throw new InvalidConfig(
      'PICARD_MODEL_FOLDER needs PICARD_EMBEDDING_DIMENSIONS, the length of its vectors.',
    );
  return {
    path,
    dimensions,
    pooling: values.PICARD_MODEL_POOLING,
    queryPrefix: values.PICARD_MODEL_QUERY_PREFIX,
  };
}

/** XDG Base Directory Specification: what can be fetched again belongs into the cache. */
function modelCache(env: NodeJS.ProcessEnv): string {
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'picard', 'models');
}
