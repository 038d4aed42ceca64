import type { ClientMetadata } from 'oidc-provider';
import { z } from 'zod';
import { handle } from '../accounts/account.ts';
import { scopes, type Scope } from '../accounts/viewer.ts';

export const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';

/** Half of a key pair for ES256; whoever pastes both halves has the private one dropped. */
const publicKey = z.object({ kty: z.literal('EC'), crv: z.literal('P-256'), x: z.string(), y: z.string() });
const clientId = z
  .string()
  .regex(/^[A-Za-z0-9._-]{3,64}$/, 'must be 3 to 64 letters, digits, dots or hyphens');

/** A service of one's own that acts as one account, without anybody signing in (RFC 6749 section 4.4). */
export const serviceClient = z.strictObject({
  clientId,
  publicKey,
  account: handle,
  scopes: z.array(z.enum(scopes)).min(1),
});
/** The MCP adapter in a process of its own, which exchanges what it is sent for tokens of the API (RFC 8693). */
export const adapterClient = z.strictObject({ clientId, publicKey });

type ServiceClient = z.infer<typeof serviceClient>;
type AdapterClient = z.infer<typeof adapterClient>;

export interface OauthClients {
  adapter?: AdapterClient | undefined;
  services: readonly ServiceClient[];
}

/** Clients with rights of their own. They come from the server's settings alone: metadata can say anything. */
export class ListedClients {
  readonly #adapter: AdapterClient | undefined;
  readonly #services: ReadonlyMap<string, ServiceClient>;

  constructor({ adapter, services }: OauthClients) {
    this.#adapter = adapter;
    this.#services = new Map(services.map((service) => [service.clientId, service]));
  }

  has(clientId: string | undefined): boolean {
    return clientId !== undefined && (this.mayExchange(clientId) || this.#services.has(clientId));
  }

  mayExchange(clientId: string): boolean {
    return this.#adapter?.clientId === clientId;
  }

  /** As which account a service acts, and what it may do; null for anybody else. */
  service(clientId: string): { account: string; scopes: readonly Scope[] } | null {
    return this.#services.get(clientId) ?? null;
  }

  get metadata(): ClientMetadata[] {
    const keyed = (id: string, key: z.infer<typeof publicKey>): ClientMetadata => ({
      client_id: id,
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: 'ES256',
      jwks: { keys: [{ ...key, alg: 'ES256', use: 'sig' }] },
      redirect_uris: [],
      response_types: [],
    });
    return [
      ...(this.#adapter
        ? [{ ...keyed(this.#adapter.clientId, this.#adapter.publicKey), grant_types: [TOKEN_EXCHANGE] }]
        : []),
      ...[...this.#services.values()].map((service) => ({
        ...keyed(service.clientId, service.publicKey),
        grant_types: ['client_credentials'],
        scope: service.scopes.join(' '),
      })),
    ];
  }
}
