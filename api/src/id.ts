const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** Whether the text has the form of our ids (UUID, RFC 9562). Anything else names nothing that exists. */
export function isId(text: string): boolean {
  return uuid.test(text);
}
