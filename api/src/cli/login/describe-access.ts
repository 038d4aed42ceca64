/** What a login with these scopes may do. */
export function describeAccess(scopes: readonly string[]): string {
  if (scopes.includes('memories:write')) return 'may read and write memories';
  return scopes.includes('memories:read') ? 'may read memories' : 'may read no memories';
}
