import { z } from 'zod';
import { handle } from '../accounts/account.ts';
import { scopes } from '../accounts/viewer.ts';

/**
 * An OpenID provider of somebody else's whose tokens are taken, as in a company or with Firebase. Each token must be for
 * this audience and lead to one account: by its subject, or by a claim that holds the handle.
 */
export const trustedIssuer = z
  .strictObject({
    issuer: z.url({ protocol: /^https?$/ }),
    audience: z.string().min(1),
    /** Default: where the issuer's own discovery document says. */
    jwksUri: z.url({ protocol: /^https?$/ }).optional(),
    /** Subject → handle. */
    accounts: z.record(z.string(), handle).optional(),
    /** The claim that holds the handle; only where nobody can choose it for themselves. */
    handleClaim: z.string().min(1).optional(),
    scopes: z.array(z.enum(scopes).exclude(['memories:admin'])).default(['memories:read', 'memories:write']),
  })
  .refine(({ accounts, handleClaim }) => accounts || handleClaim, 'must hold accounts or handleClaim');

export type TrustedIssuer = z.infer<typeof trustedIssuer>;
