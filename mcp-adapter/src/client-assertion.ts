import { randomUUID } from 'node:crypto';
import { importJWK, SignJWT } from 'jose';
import type { PrivateJwk } from './adapter-key.ts';

export interface AssertionOptions {
  clientId: string;
  key: PrivateJwk;
  /** The issuer identifier of the authorization server. */
  audience: string;
}

/** Proves to the token endpoint which client asks (`private_key_jwt`, RFC 7523 section 2.2). Each proof is used once. */
export function createClientAssertion({ clientId, key, audience }: AssertionOptions) {
  const imported = importJWK(key, 'ES256');
  return async (): Promise<Record<string, string>> => {
    const assertion = new SignJWT({ jti: randomUUID() })
      .setProtectedHeader({ alg: 'ES256' })
      .setIssuer(clientId)
      .setSubject(clientId)
      .setAudience(audience)
      .setExpirationTime('1m');
    return {
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await assertion.sign(await imported),
    };
  };
}
