/** An app as an administrator sees it. */
export interface ManagedClient {
  clientId: string;
  /** Null for one that did not register itself. */
  registeredAt: Date | null;
  disabledAt: Date | null;
  lastUsedAt: Date | null;
  /** What it was allowed and that is still good. */
  grants: number;
  /** How many accounts have it among their apps. */
  users: number;
}
