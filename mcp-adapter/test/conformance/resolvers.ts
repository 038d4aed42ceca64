/** One red dot. */
const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';
/** A silence of no samples. */
const WAV = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQAAAAA=';

const ROOMS = ['north', 'northern light', 'south'];
const EXHIBITS = ['1', '2', '3', '4', '5'];

interface Page {
  first: number;
  after?: string | null;
}

const exhibit = (id: string) => ({ id, templateTest: true, data: `Data for ID: ${id}` });
const told = (value: unknown) => JSON.stringify(value);

/** What the museum answers. */
export const resolvers = {
  sign: 'This is a simple text response for testing.',
  picture: { data: PNG, mimeType: 'image/png' },
  sound: { data: WAV, mimeType: 'audio/wav' },
  page: ({ uri }: { uri: string }) => ({ uri, mimeType: 'text/plain', text: `The page at ${uri}.` }),
  exhibit: ({ id }: { id: string }) => (id === 'none' ? null : exhibit(id)),
  exhibits({ first, after }: Page) {
    const start = after ? EXHIBITS.indexOf(after) + 1 : 0;
    if (after && start === 0) throw new Error('There is no such place to go on.');
    const ids = EXHIBITS.slice(start, start + first);
    return {
      pageInfo: { hasNextPage: start + first < EXHIBITS.length, endCursor: ids.at(-1) ?? null },
      edges: ids.map((id) => ({ cursor: id, node: exhibit(id) })),
    };
  },
  rooms: ({ startsWith }: { startsWith: string }) => ROOMS.filter((name) => name.startsWith(startsWith)),
  broken() {
    throw new Error('The door fell on somebody: postgres://museum:secret@db');
  },
  say: ({ text }: { text: string }) => `LLM response: ${text}`,
  visitor: ({ name }: { name?: { name: string } | null }) => `Hello, ${name?.name ?? 'stranger'}.`,
  contact: ({ details }: { details: unknown }) => `User response: ${told(details)}`,
  form: ({ filled }: { filled: unknown }) => `Elicitation completed: ${told(filled)}`,
  choices: ({ made }: { made: unknown }) => `Elicitation completed: ${told(made)}`,
  roots: ({ uris }: { uris: string[] }) => `You come from ${uris.join(', ')}.`,
  tour: (both: unknown) => `The tour: ${told(both)}`,
  welcome: (all: unknown) => `Welcome: ${told(all)}`,
  closeRooms: ({ names }: { names?: string[] | null }) => ({ closed: names ?? ROOMS, note: 'state-ok' }),
};
