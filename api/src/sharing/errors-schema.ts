import { builder } from '../schema/builder.ts';
import { UserError } from '../schema/user-error.ts';
import type {
  GranteeNotFound as GranteeNotFoundClass,
  GrantNotFound as GrantNotFoundClass,
  NotPermitted as NotPermittedClass,
  TooManyGrants as TooManyGrantsClass,
} from './errors.ts';

export const GranteeNotFound = builder.objectRef<GranteeNotFoundClass>('GranteeNotFound').implement({
  description: 'There is no such person, or no such group that you are in.',
  interfaces: [UserError],
  fields: (t) => ({ grantee: t.exposeString('grantee', { description: 'As it was given.' }) }),
});

export const GrantNotFound = builder.objectRef<GrantNotFoundClass>('GrantNotFound').implement({
  description: 'There is no such share that you could end.',
  interfaces: [UserError],
});

export const NotPermitted = builder.objectRef<NotPermittedClass>('NotPermitted').implement({
  description: 'You may see the memory, but not do this with it.',
  interfaces: [UserError],
  fields: (t) => ({ memoryId: t.exposeID('memoryId') }),
});

export const TooManyGrants = builder.objectRef<TooManyGrantsClass>('TooManyGrants').implement({
  description: 'There are as many shares as there may be.',
  interfaces: [UserError],
  fields: (t) => ({ limit: t.exposeInt('limit') }),
});
