import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { privateJwk, type PrivateJwk } from './adapter-key.ts';

/** An empty variable means the same as an absent one, as in a compose file. */
const optional = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional());

/** Where apps look for what describes us begins at the root of a host (RFC 9728 section 3.1). */
const ONE_HOST = 'must be a scheme and a host, without a path, such as https://mcp.example.org';
const MAKE_A_KEY = 'npm run -s adapter keys makes one, with the line for the API';

/** A private key as JSON, or the file that holds it. */
const key = z.preprocess(
  (value) => (value === '' ? undefined : value),
  z
    .string({ error: `is missing: ${MAKE_A_KEY}` })
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text.trimStart().startsWith('{') ? text : readFileSync(text, 'utf8'));
      } catch {
        context.addIssue({
          code: 'custom',
          message: `must be a JSON Web Key, or a file that holds one: ${MAKE_A_KEY}`,
        });
        return z.NEVER;
      }
    })
    // Zod would tell what was there instead, which is secret.
    .pipe(
      z.custom<PrivateJwk>(
        (value) => privateJwk.safeParse(value).success,
        `must be a private key for ES256: ${MAKE_A_KEY}`,
      ),
    ),
);

/** Every setting of an adapter that runs apart. `.env.example` lists the same names. */
const environment = z.object({
  PICARD_API_URL: z.preprocess(
    (value) => (value === '' ? undefined : value),
    z.url({
      protocol: /^https?$/,
      error: 'must be the address at which the API answers, such as http://localhost:8001',
    }),
  ),
  PICARD_MCP_URL: optional(
    z.url({ protocol: /^https?$/ }).refine((value) => new URL(value).pathname === '/', ONE_HOST),
  ),
  PICARD_ADAPTER_KEY: key,
  PICARD_ADAPTER_CLIENT_ID: optional(z.string()).transform((value) => value ?? 'mcp-adapter'),
  PICARD_ADAPTER_PORT: optional(z.coerce.number().int().min(0).max(65_535)).transform(
    (value) => value ?? 8002,
  ),
  PICARD_ADAPTER_HOST: optional(z.string()).transform((value) => value ?? '127.0.0.1'),
  PICARD_LOG_LEVEL: optional(z.enum(['fatal', 'error', 'warn', 'info', 'debug'])).transform(
    (value) => value ?? 'info',
  ),
});

export interface AdapterConfig {
  /** Where the API answers this process. */
  apiUrl: URL;
  /** The address that hosts use, when it is not the one we listen on. The API must be told the same. */
  publicUrl: URL | undefined;
  key: PrivateJwk;
  clientId: string;
  port: number;
  host: string;
  logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug';
  /** How long the API may take to start, in milliseconds. */
  apiPatienceMs: number;
}

export class InvalidAdapterConfig extends Error {
  override readonly name = 'InvalidAdapterConfig';
  readonly code = 'INVALID_CONFIG';
}

/** Reads and checks the settings; a bad one is refused by its name, with what would be accepted. */
export function readAdapterConfig(env: NodeJS.ProcessEnv): AdapterConfig {
  const parsed = environment.safeParse(env);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
    throw new InvalidAdapterConfig(
      `These environment variables cannot be used:\n${problems.join('\n')}\nSee docs/running-apart.md for what each accepts.`,
    );
  }
  const values = parsed.data;
  return {
    apiUrl: new URL(values.PICARD_API_URL),
    publicUrl: values.PICARD_MCP_URL === undefined ? undefined : new URL(values.PICARD_MCP_URL),
    key: privateJwk.parse(values.PICARD_ADAPTER_KEY),
    clientId: values.PICARD_ADAPTER_CLIENT_ID,
    port: values.PICARD_ADAPTER_PORT,
    host: values.PICARD_ADAPTER_HOST,
    logLevel: values.PICARD_LOG_LEVEL,
    apiPatienceMs: 30_000,
  };
}
