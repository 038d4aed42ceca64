/** `x:write` includes `x:read`; nothing else is implied. */
const implies: Readonly<Record<string, string>> = { read: 'write' };

/** Whether a granted set covers one scope, itself or through a wider one. */
export function satisfiedBy(scope: string, granted: ReadonlySet<string>): boolean {
  if (granted.has(scope)) return true;
  const [room, action = ''] = scope.split(':');
  const wider = implies[action];
  return wider !== undefined && granted.has(`${room}:${wider}`);
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
