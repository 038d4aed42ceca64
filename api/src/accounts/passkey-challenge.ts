/** Which challenge an authenticator's answer says it answers (CollectedClientData, Web Authentication section 5.8.1). */
export function challengeOf(clientDataJson: string): string | null {
  try {
    const data: unknown = JSON.parse(Buffer.from(clientDataJson, 'base64url').toString());
    const challenge: unknown = typeof data === 'object' && data !== null && Reflect.get(data, 'challenge');
    return typeof challenge === 'string' && /^[\w-]{1,200}$/.test(challenge) ? challenge : null;
  } catch {
    // Not what a browser sends.
    return null;
  }
}
