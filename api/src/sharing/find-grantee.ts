import { findAccountByHandle } from '../accounts/find-account.ts';
import type { Viewer } from '../accounts/viewer.ts';
import { isId } from '../id.ts';
import { InvalidInput } from '../invalid-input.ts';
import type { Services } from '../services.ts';
import { GranteeNotFound } from './errors.ts';

/** Exactly one of these. */
export interface GivenGrantee {
  handle?: string | null | undefined;
  userId?: string | null | undefined;
  groupId?: string | null | undefined;
}

export interface Grantee {
  kind: 'USER' | 'GROUP';
  id: string;
  /** As it was given, and where, for an error. */
  name: string;
  place: string;
}

const ways = ['handle', 'userId', 'groupId'] as const;

const waysOf = (given: GivenGrantee) =>
  ways.flatMap((way) => {
    const name = given[way];
    return typeof name === 'string' ? [{ way, name }] : [];
  });

/** Whether anybody is named at all. */
export function isNamed(given: GivenGrantee | null | undefined): given is GivenGrantee {
  return !!given && waysOf(given).length > 0;
}

/**
 * Whom a caller means. Whether they are there is asked by `lockGrantee`, in the transaction.
 * @throws {InvalidInput | GranteeNotFound}
 */
export async function findGrantee(services: Services, given: GivenGrantee, field: string): Promise<Grantee> {
  const [named, another] = waysOf(given);
  if (!named || another)
    throw new InvalidInput(
      `${field}.${another?.way ?? 'handle'}`,
      another ? `must not be given together with ${named?.way}` : 'must be given, or userId, or groupId',
    );
  const { way, name } = named;
  const place = `${field}.${way}`;
  if (way === 'handle') {
    const account = await findAccountByHandle(services, name);
    if (!account) throw new GranteeNotFound(name);
    return { kind: 'USER', id: account.id, name, place };
  }
  if (!isId(name)) throw new GranteeNotFound(name);
  return { kind: way === 'userId' ? 'USER' : 'GROUP', id: name.toLowerCase(), name, place };
}

/** Nobody shares with themselves. @throws {InvalidInput | GranteeNotFound} */
export async function findOthers(
  services: Services,
  viewer: Viewer,
  given: readonly GivenGrantee[],
  field: (index: number) => string,
): Promise<Grantee[]> {
  const found: Grantee[] = [];
  for (const [index, each] of given.entries()) {
    const grantee = await findGrantee(services, each, field(index));
    if (grantee.id === viewer.id)
      throw new InvalidInput(grantee.place, 'must be somebody else: what you may see, you see already');
    if (found.some(({ id }) => id === grantee.id))
      throw new InvalidInput(grantee.place, 'must not name the same person or group twice');
    found.push(grantee);
  }
  return found;
}
