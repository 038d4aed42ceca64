import { randomUUID } from 'node:crypto';
import { clearText } from '../clear-text.ts';
import { checked } from '../invalid-input.ts';
import type { Services } from '../services.ts';
import { hashSecret, newSecret, type ApiKey } from './api-key.ts';
import { refuseMoreThan } from './api-key-power.ts';
import { insertApiKey } from './api-key-rows.ts';
import type { Face, Scope, Viewer } from './viewer.ts';

const keyName = clearText.trim().min(1, 'must not be empty').max(80, 'must be at most 80 characters');

export interface NewApiKey {
  name: string;
  scopes: readonly Scope[];
  faces: readonly Face[];
  expiresAt?: Date | null;
}

/** The secret is told this once. @throws {ReauthenticationRequired | InvalidInput} */
export async function createApiKey(
  services: Services,
  viewer: Viewer,
  input: NewApiKey,
): Promise<{ apiKey: ApiKey; secret: string }> {
  const name = checked('name', keyName, input.name);
  const { scopes, faces, expiresAt = null } = input;
  refuseMoreThan(viewer, { scopes: [...scopes], faces: [...faces], expiresAt });
  const apiKey: ApiKey = {
    id: randomUUID(),
    ownerId: viewer.id,
    name,
    scopes: [...new Set(scopes)],
    faces: [...new Set(faces)],
    createdAt: new Date(),
    expiresAt,
    lastUsedAt: null,
  };
  const secret = newSecret();
  await services.database.forViewer(viewer.id, (sql) => insertApiKey(sql, apiKey, hashSecret(secret)));
  return { apiKey, secret };
}
