import { MANAGE_ACCOUNT } from '../accounts/account-scope.ts';
import { Viewer } from '../accounts/schema.ts';
import { builder } from '../schema/builder.ts';
import { notes } from '../schema/notes.ts';
import { checkedFirst } from '../schema/pagination.ts';
import { orNamedError, resultType, UserError } from '../schema/user-error.ts';
import { endSession } from './end-session.ts';
import { SessionNotFound as SessionNotFoundClass } from './errors.ts';
import { listSessions } from './list-sessions.ts';
import type { Session as SessionShape } from './session.ts';

const Session = builder.objectRef<SessionShape>('Session').implement({
  description: 'A browser in which you are signed in.',
  fields: (t) => ({
    id: t.exposeID('id'),
    userAgent: t.exposeString('userAgent', { description: 'As the browser calls itself.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    lastSeenAt: t.expose('lastSeenAt', { type: 'DateTime' }),
  }),
});

builder.objectField(Viewer, 'sessions', (t) =>
  t.withAuth(MANAGE_ACCOUNT).field({
    type: [Session],
    description: 'Where you are signed in, last seen first.',
    args: { first: t.arg.int({ defaultValue: 20 }) },
    extensions: notes({ sizedBy: 'first' }),
    resolve: (_viewer, args, { services, viewer }) =>
      listSessions(services, viewer, checkedFirst(args.first, 20)),
  }),
);

const SessionNotFound = builder.objectRef<SessionNotFoundClass>('SessionNotFound').implement({
  description: 'You have no such session.',
  interfaces: [UserError],
  fields: (t) => ({ sessionId: t.exposeID('sessionId') }),
});
const EndSessionPayload = builder.objectRef<{ sessionId: string }>('EndSessionPayload').implement({
  fields: (t) => ({ sessionId: t.exposeID('sessionId') }),
});
const EndSessionResult = builder.unionType('EndSessionResult', {
  types: [EndSessionPayload, SessionNotFound],
  resolveType: resultType('EndSessionPayload'),
});
const EndSessionInput = builder.inputType('EndSessionInput', {
  fields: (t) => ({ id: t.id({ required: true }) }),
});

builder.mutationField('endSession', (t) =>
  t.withAuth(MANAGE_ACCOUNT).field({
    type: EndSessionResult,
    description: 'Sign out of one browser. Apps that were connected there stay connected.',
    args: { input: t.arg({ type: EndSessionInput, required: true }) },
    extensions: notes({ effects: { destructive: true, idempotent: true } }),
    resolve: (_root, { input }, { services, viewer }) =>
      orNamedError([SessionNotFoundClass], async () => {
        await endSession(services, viewer, input.id);
        return { sessionId: input.id };
      }),
  }),
);
