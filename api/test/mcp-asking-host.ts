import { Client, StreamableHTTPClientTransport, type ClientOptions } from '@modelcontextprotocol/client';
import type { Era } from './mcp-requests.ts';

/** What the person behind a host answers when asked, and what they were asked. */
export interface Person {
  agrees: boolean;
  asked: string[];
}

/** Connects a host of one revision over HTTP, behind which a person can be asked. */
export async function connectPerson(url: URL, era: Era, key: string, person?: Person): Promise<Client> {
  const options: ClientOptions = {
    ...(era === '2026-07-28' ? { versionNegotiation: { mode: 'auto' } } : {}),
    capabilities: person ? { elicitation: { form: {} } } : {},
  };
  const client = new Client({ name: 'test', version: '1' }, options);
  if (person) {
    client.setRequestHandler('elicitation/create', ({ params }) => {
      person.asked.push(params.message);
      return person.agrees ? { action: 'accept', content: {} } : { action: 'decline' };
    });
  }
  const requestInit = { headers: { authorization: `Bearer ${key}` } };
  await client.connect(new StreamableHTTPClientTransport(new URL('/mcp', url), { requestInit }));
  return client;
}
