import type { OperationDefinitionNode } from 'graphql';
import type { Viewer } from '../accounts/viewer.ts';
import type { Actor } from '../storage/acting.ts';

/** Who acts in a GraphQL operation, for the audit log. */
export function actorOf(
  viewer: Viewer | null,
  face: Actor['face'],
  operation: OperationDefinitionNode | null | undefined,
): Actor {
  const name = operation?.name?.value;
  if (!viewer) return { account: null, face, operation: name };
  const { id, credential, exchanged } = viewer;
  // What the MCP adapter got in exchange stands for what it was shown, and for where that was.
  const where = { account: id, face: exchanged?.face ?? face, operation: name };
  if (credential.kind === 'key') return { ...where, credential: 'key', credentialId: credential.id };
  if (exchanged?.keyId) return { ...where, credential: 'key', credentialId: exchanged.keyId };
  return { ...where, credential: 'token', credentialId: credential.clientId };
}
