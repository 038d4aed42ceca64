import type { Message } from './message-page.ts';

/** A request that cannot be done as it was sent: a status, and a page that says why. */
export class PageRefusal extends Error {
  override readonly name = 'PageRefusal';
  readonly status: number;
  readonly page: Message;
  readonly headers: Record<string, string>;
  constructor(status: number, page: Message, headers: Record<string, string> = {}) {
    super(page.title);
    this.status = status;
    this.page = page;
    this.headers = headers;
  }
}

export const notFound = (): PageRefusal =>
  new PageRefusal(404, {
    title: 'There is no such page',
    text: 'Nothing is at this address.',
    wayOn: 'Look whether all of the address was copied.',
  });

export const methodNotAllowed = (allow: string): PageRefusal =>
  new PageRefusal(
    405,
    {
      title: 'This cannot be done here',
      text: `This address answers ${allow} alone.`,
      wayOn: 'Go back and use the buttons of the page.',
    },
    { allow },
  );
