import { builder } from '../schema/builder.ts';
import { UserError } from '../schema/user-error.ts';
import type { ClientNotFound as ClientNotFoundClass, UserNotFound as UserNotFoundClass } from './errors.ts';

export const UserNotFound = builder.objectRef<UserNotFoundClass>('UserNotFound').implement({
  description: 'No account has this id.',
  interfaces: [UserError],
  fields: (t) => ({ userId: t.exposeID('userId') }),
});

export const ClientNotFound = builder.objectRef<ClientNotFoundClass>('ClientNotFound').implement({
  description: 'No app has this id.',
  interfaces: [UserError],
  fields: (t) => ({ clientId: t.exposeID('clientId') }),
});
