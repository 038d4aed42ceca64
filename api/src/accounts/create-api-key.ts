import { randomUUID } from 'node:crypto';
import { clearText } from '../clear-text.ts';
import { checked, InvalidInput } from '../invalid-input.ts';
import type { Services } from '../services.ts';
import { hashSecret, newSecret, type ApiKey } from './api-key.ts';
import { insertApiKey } from './rows.ts';
import type { Face, Scope, Viewer } from './viewer.ts';

const keyName = clearText.trim().min(1, 'must not be empty').max(80, 'must be at most 80 characters');

export interface NewApiKey {
  name: string;
  scopes: readonly Scope[];
  faces: readonly Face[];
  expiresAt?: Date | null;
}

/** The secret is told this once. */
export async function createApiKey(
  services: Services,
  viewer: Viewer,
  input: NewApiKey,
): Promise<{ apiKey: ApiKey; secret: string }> {
  const name = checked('name', keyName, input.name);
  refuseMoreThan(viewer, input);
  const apiKey: ApiKey = {
    id: randomUUID(),
    ownerId: viewer.id,
    name,
    scopes: [...new Set(input.scopes)],
    faces: [...new Set(input.faces)],
    createdAt: new Date(),
    expiresAt: input.expiresAt ?? null,
    lastUsedAt: null,
  };
  const secret = newSecret();
  await services.database.forViewer(viewer.id, (sql) => insertApiKey(sql, apiKey, hashSecret(secret)));
  return { apiKey, secret };
}

/** A key can do no more, in no more places and for no longer than the credential it is made with. */
function refuseMoreThan(viewer: Viewer, { scopes, faces, expiresAt }: NewApiKey): void {
  if (scopes.length === 0) throw new InvalidInput('scopes', 'must name at least one scope');
  if (faces.length === 0) throw new InvalidInput('faces', 'must name at least one face');
  const scope = scopes.find((each) => !viewer.scopes.has(each));
  if (scope)
    throw new InvalidInput('scopes', `must not hold ${scope}, which the credential you use does not hold`);
  const face = faces.find((each) => !viewer.faces.has(each));
  if (face)
    throw new InvalidInput('faces', `must not hold ${face}, which the credential you use does not hold`);
  if (expiresAt && expiresAt <= new Date()) throw new InvalidInput('expiresAt', 'must be in the future');
  if (viewer.expiresAt && (!expiresAt || expiresAt > viewer.expiresAt)) {
    throw new InvalidInput(
      'expiresAt',
      `must not be after ${viewer.expiresAt.toISOString()}, when the credential you use ends`,
    );
  }
}
