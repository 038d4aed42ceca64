import type { Viewer } from '../accounts/viewer.ts';
import type { Services } from '../services.ts';
import { builder } from './builder.ts';

type FindNode = (services: Services, viewer: Viewer, id: string) => Promise<object | null>;
const finders = new Map<string, FindNode>();
const found = new WeakMap<object, string>();

export const Node = builder.interfaceRef<{ id: string }>('Node').implement({
  description: 'Whatever has an id of its own.',
  fields: (t) => ({ id: t.exposeID('id', { description: 'UUID v4.' }) }),
  resolveType: (node) => found.get(node),
});

/** Tells `Query.node` how to find one kind of object by its id. */
export function findNodeBy(typename: string, find: FindNode): void {
  finders.set(typename, find);
}

builder.queryField('node', (t) =>
  t.withAuth({ scope: 'memories:read' }).field({
    type: Node,
    nullable: true,
    description: 'The object with this id, if you may see it.',
    args: { id: t.arg.id({ required: true }) },
    resolve: async (_root, { id }, { services, viewer }) => {
      for (const [typename, find] of finders) {
        const node = await find(services, viewer, id);
        if (!node) continue;
        found.set(node, typename);
        return node as { id: string };
      }
      return null;
    },
  }),
);
