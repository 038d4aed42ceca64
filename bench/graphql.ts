import * as z from 'zod';

/** Where a server listens, and the API key that requests to it bear. */
export interface Endpoint {
  readonly url: string;
  readonly key: string;
}

const Response = z.object({
  data: z.unknown().optional(),
  errors: z
    .array(z.object({ message: z.string(), extensions: z.object({ code: z.string() }).partial().optional() }))
    .optional(),
});

/** Posts to the server with the key and gives the body as text; any answer but 2xx is an error. */
export async function post(endpoint: Endpoint, path: string, body: unknown, headers = {}): Promise<string> {
  const response = await fetch(new URL(path, endpoint.url), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      authorization: `Bearer ${endpoint.key}`,
      ...headers,
    },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok)
    throw new Error(`POST ${path} was answered with ${response.status}: ${text.slice(0, 300)}`);
  return text;
}

/** Runs one GraphQL operation and checks the shape of its data; top-level errors are thrown with their code. */
export async function execute<T>(
  endpoint: Endpoint,
  document: string,
  data: z.ZodType<T>,
  variables: Readonly<Record<string, unknown>> = {},
): Promise<T> {
  const text = await post(endpoint, '/graphql', { query: document, variables });
  const response = Response.parse(JSON.parse(text));
  const problem = response.errors?.[0];
  if (problem) throw new Error(`${problem.extensions?.code ?? 'GraphQL error'}: ${problem.message}`);
  return data.parse(response.data);
}
