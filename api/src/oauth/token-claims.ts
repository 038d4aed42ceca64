import type { Configuration, KoaContextWithOIDC } from 'oidc-provider';
import { z } from 'zod';
import { faces } from '../accounts/viewer.ts';

/** Of an access token (RFC 9068), with what is ours: its grant, and what an exchanged one stands for. */
export const tokenClaims = z.object({
  sub: z.string(),
  aud: z.string(),
  jti: z.string(),
  client_id: z.string(),
  scope: z.string().default(''),
  exp: z.number(),
  auth_time: z.number().optional(),
  gid: z.string().optional(),
  /** The app whose token, or the API key, this one was exchanged for. */
  app: z.string().optional(),
  key: z.string().optional(),
  /** Where what this one was exchanged for was shown. */
  face: z.enum(faces).optional(),
  /** The id of the token that this one was exchanged for. */
  from: z.string().optional(),
  /** The trusted issuer whose token this one was exchanged for. */
  outside: z.string().optional(),
  act: z.object({ sub: z.string() }).optional(),
});
export type TokenClaims = z.infer<typeof tokenClaims>;

/** Claims that a grant type adds to the token of its request. */
const additional = new WeakMap<object, Partial<TokenClaims>>();

export function addClaims(ctx: KoaContextWithOIDC, claims: Partial<TokenClaims>): void {
  additional.set(ctx, claims);
}

export const accessTokenClaims: NonNullable<Configuration['extraTokenClaims']> = (ctx, token) => {
  const { AuthorizationCode: code, RefreshToken: refresh, DeviceCode: device } = ctx.oidc.entities;
  const claims: Partial<TokenClaims> = {
    ...('grantId' in token && token.grantId ? { gid: token.grantId } : {}),
    auth_time: refresh?.authTime ?? code?.authTime ?? device?.authTime,
    ...additional.get(ctx),
  };
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
};
