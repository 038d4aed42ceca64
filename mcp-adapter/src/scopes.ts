/** `x:write` includes `x:read`; nothing else is implied. */
const implies: Readonly<Record<string, string>> = { read: 'write' };

/** Whether a granted set covers one scope, itself or through a wider one. */
export function satisfiedBy(scope: string, granted: ReadonlySet<string>): boolean {
  if (granted.has(scope)) return true;
  const [room, action = ''] = scope.split(':');
  const wider = implies[action];
  return wider !== undefined && granted.has(`${room}:${wider}`);
}

/** The first of the sets, any of which is enough, that a caller has whole; empty where nothing is asked for. */
export function sufficientScopes(
  required: readonly (readonly string[])[],
  granted: ReadonlySet<string>,
): readonly string[] {
  return required.find((set) => set.every((scope) => satisfiedBy(scope, granted))) ?? [];
}

/** For what needs no scope, as a token cannot be asked for with none: the scope that can do least, null where there is none. */
export function leastScope(granted: Iterable<string>): readonly [string] | null {
  const all = [...granted];
  const least = all.find((scope) => scope.endsWith(':read')) ?? all[0];
  return least === undefined ? null : [least];
}

/**
 * What a caller still lacks.
 * @param required any one of these sets is enough; empty asks for nothing
 * @returns the missing scopes of the alternative that lacks fewest, or an empty list when one is satisfied
 */
export function missingScopes(
  required: readonly (readonly string[])[],
  granted: ReadonlySet<string>,
): readonly string[] {
  const lacking = required.map((set) => set.filter((scope) => !satisfiedBy(scope, granted)));
  return (
    lacking.reduce<readonly string[] | undefined>(
      (best, missing) => (best === undefined || missing.length < best.length ? missing : best),
      undefined,
    ) ?? []
  );
}
