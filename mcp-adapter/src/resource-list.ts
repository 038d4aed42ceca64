import {
  ProtocolError,
  ProtocolErrorCode,
  type ListResourcesResult,
  type Resource,
  type ServerContext,
  UriTemplate,
} from '@modelcontextprotocol/server';
import { isRecord } from './json-schema.ts';
import type { Manifest, ResourceListEntry } from './manifest.ts';
import { answerOrThrow, isFixed } from './resources.ts';
import { type Caller, runOperation } from './run-operation.ts';
import { missingScopes } from './scopes.ts';
import type { Registration } from './tools.ts';
import { fillText } from './uri-template.ts';

/** A name is for choosing from a list, so it ends where a line would. */
const MAX_NAME = 80;

/**
 * Serves `resources/list`: the resources that stand alone, then page by page what a template can be read for. The
 * protocol's cursors are those of the query.
 */
export function compileResourceList({ resources, resourceList }: Manifest): Registration {
  const fixed = resources
    .filter(isFixed)
    .map(({ uriTemplate, name, title, description, mimeType }): Resource => {
      return { uri: uriTemplate, name, title, description, mimeType };
    });
  return (server, { callerOf }) => {
    server.server.setRequestHandler(
      'resources/list',
      async ({ params }, context: ServerContext): Promise<ListResourcesResult> => {
        const cursor = params?.cursor;
        if (!resourceList) {
          if (cursor !== undefined) throw unknownCursor();
          return { resources: fixed };
        }
        const caller = callerOf(context);
        // A caller who may not read memories is still told of the resources that stand alone.
        if (missingScopes(resourceList.scopes, caller.principal.scopes).length > 0)
          return { resources: fixed };
        const page = await readPage(resourceList, cursor, caller);
        return cursor === undefined ? { ...page, resources: [...fixed, ...page.resources] } : page;
      },
    );
  };
}

async function readPage(
  entry: ResourceListEntry,
  cursor: string | undefined,
  caller: Caller,
): Promise<ListResourcesResult> {
  const { budget } = entry;
  if (!budget?.page) throw new TypeError('A list of resources has pages.');
  const { page, paths } = budget;
  const args = cursor === undefined ? {} : { [page.after]: cursor };
  const { answer } = answerOrThrow(await runOperation(entry, args, caller));
  const path = paths[0] ?? [];
  const connection = path
    .slice(0, -1)
    .reduce<unknown>((at, key) => (isRecord(at) ? at[key] : undefined), answer);
  const edges = isRecord(connection) ? connection[path.at(-1) ?? ''] : undefined;
  const info = isRecord(connection) ? connection[page.pageInfo] : undefined;
  const next = isRecord(info) && info[page.hasNextPage] === true ? info[page.endCursor] : undefined;
  return {
    resources: (Array.isArray(edges) ? edges : []).flatMap((edge) =>
      isRecord(edge) && isRecord(edge['node']) ? [resourceOf(entry, edge['node'])] : [],
    ),
    ...(typeof next === 'string' ? { nextCursor: next } : {}),
  };
}

function resourceOf(entry: ResourceListEntry, node: Record<string, unknown>): Resource {
  const named = fillText(entry.nameTemplate, node).replaceAll(/\s+/g, ' ');
  const values = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, String(value)]));
  return {
    uri: new UriTemplate(entry.uriTemplate).expand(values),
    name: named.length > MAX_NAME ? `${named.slice(0, MAX_NAME - 1)}…` : named,
    mimeType: entry.mimeType,
  };
}

function unknownCursor(): ProtocolError {
  return new ProtocolError(ProtocolErrorCode.InvalidParams, 'The cursor is unknown. List again without one.');
}
