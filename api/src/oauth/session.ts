/** A browser in which somebody is signed in. */
export interface Session {
  id: string;
  /** As the browser calls itself, at most 200 characters. */
  userAgent: string;
  createdAt: Date;
  lastSeenAt: Date;
}

const MAX_USER_AGENT = 200;

/** What a browser says of itself, cut and without what no name needs. */
export function userAgentOf(header: string | undefined): string {
  return (header ?? '').replaceAll(/[^\x20-\x7e]/g, '').slice(0, MAX_USER_AGENT);
}
