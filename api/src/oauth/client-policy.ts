import { errors, type AllClientMetadata } from 'oidc-provider';
import { isDocumentAddress } from './fetch-document.ts';
import { redirectKind } from './redirect-policy.ts';

/** What an app may do that registered itself; everything else is for clients of the server's own list. */
const SELF_REGISTERED_GRANTS: ReadonlySet<string> = new Set([
  'authorization_code',
  'refresh_token',
  'urn:ietf:params:oauth:grant-type:device_code',
]);
/** How a code comes back (OAuth 2.0 Multiple Response Types, section 2.1): no host needs another way (ASVS 10.4.12). */
export const RESPONSE_MODE = 'query';
const MAX_NAME = 100;
const MAX_REDIRECTS = 20;

/** Not a property that means anything: the library calls the validator for properties it does not know. */
export const POLICY_PROPERTY = 'picard_policy';

/**
 * Checks metadata that anybody can send, and sets what hosts leave out. It is called before the library's own checks.
 * @param listed whether the client stands on the server's own list
 * @throws {errors.InvalidClientMetadata} saying what would be taken.
 */
export function checkClientMetadata(metadata: AllClientMetadata, listed: boolean): void {
  if (listed) return;
  refuse(metadata[POLICY_PROPERTY] !== undefined, `${POLICY_PROPERTY} is reserved`);
  refuse(metadata.sector_identifier_uri !== undefined, 'sector_identifier_uri is not supported');
  refuse(
    metadata.jwks_uri !== undefined && metadata.token_endpoint_auth_method !== 'private_key_jwt',
    'jwks_uri is for token_endpoint_auth_method private_key_jwt alone',
  );
  refuse(
    metadata.jwks_uri !== undefined && !isDocumentAddress(String(metadata.jwks_uri)),
    'jwks_uri must be https on port 443, by the name of a public host',
  );
  const grants: unknown = metadata.grant_types;
  refuse(
    Array.isArray(grants) && grants.some((grant) => !SELF_REGISTERED_GRANTS.has(String(grant))),
    `grant_types may hold ${[...SELF_REGISTERED_GRANTS].join(', ')}`,
  );
  const modes: unknown = metadata.response_modes;
  refuse(
    Array.isArray(modes) && modes.some((mode) => mode !== RESPONSE_MODE),
    `response_modes may hold ${RESPONSE_MODE}`,
  );
  const name: unknown = metadata.client_name;
  refuse(typeof name === 'string' && name.length > MAX_NAME, `client_name may have ${MAX_NAME} characters`);
  checkRedirects(metadata);
  // A person decides what an app may do, and may be asked for more later; what it registered must not stand against that.
  delete metadata.scope;
}

function checkRedirects(metadata: AllClientMetadata): void {
  const given: unknown[] = [metadata.redirect_uris ?? [], metadata.post_logout_redirect_uris ?? []];
  const addresses = given.flat();
  refuse(addresses.length > MAX_REDIRECTS, `at most ${MAX_REDIRECTS} redirect URIs are taken`);
  const kinds = addresses.map((address) => (typeof address === 'string' ? redirectKind(address) : null));
  refuse(
    kinds.includes(null),
    'redirect_uris must be https, http on a loopback address, or a private-use scheme such as com.example.app:',
  );
  // Hosts on this machine leave application_type out, and would not be met at another port than they registered.
  if (kinds.some((kind) => kind !== 'https')) metadata.application_type = 'native';
}

function refuse(condition: boolean, description: string): void {
  if (condition) throw new errors.InvalidClientMetadata(description);
}
