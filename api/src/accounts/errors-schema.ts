import { builder } from '../schema/builder.ts';
import { UserError } from '../schema/user-error.ts';
import type {
  AccountNotFound as AccountNotFoundClass,
  ApiKeyNotFound as ApiKeyNotFoundClass,
  HandleReserved as HandleReservedClass,
  HandleTaken as HandleTakenClass,
  LastAdministrator as LastAdministratorClass,
  PasskeyNotFound as PasskeyNotFoundClass,
  PasskeyRefused as PasskeyRefusedClass,
} from './errors.ts';
import type {
  ReauthenticationRequired as ReauthenticationRequiredClass,
  TooManyAttempts as TooManyAttemptsClass,
  WrongPassword as WrongPasswordClass,
} from './sign-in-errors.ts';

export const HandleTaken = builder.objectRef<HandleTakenClass>('HandleTaken').implement({
  description: 'Another account has this handle.',
  interfaces: [UserError],
  fields: (t) => ({ handle: t.exposeString('handle') }),
});

export const HandleReserved = builder.objectRef<HandleReservedClass>('HandleReserved').implement({
  description: 'This handle, or one that looks like it, is for administrators alone.',
  interfaces: [UserError],
  fields: (t) => ({ handle: t.exposeString('handle') }),
});

export const AccountNotFound = builder.objectRef<AccountNotFoundClass>('AccountNotFound').implement({
  description: 'No account has this handle.',
  interfaces: [UserError],
  fields: (t) => ({ handle: t.exposeString('handle') }),
});

export const LastAdministrator = builder.objectRef<LastAdministratorClass>('LastAdministrator').implement({
  description: 'The server would have no administrator.',
  interfaces: [UserError],
});

export const ApiKeyNotFound = builder.objectRef<ApiKeyNotFoundClass>('ApiKeyNotFound').implement({
  description: 'You have no such API key.',
  interfaces: [UserError],
  fields: (t) => ({ apiKeyId: t.exposeID('apiKeyId') }),
});

export const PasskeyNotFound = builder.objectRef<PasskeyNotFoundClass>('PasskeyNotFound').implement({
  description: 'You have no such passkey.',
  interfaces: [UserError],
  fields: (t) => ({ passkeyId: t.exposeID('passkeyId') }),
});

export const PasskeyRefused = builder.objectRef<PasskeyRefusedClass>('PasskeyRefused').implement({
  description: 'The authenticator’s answer cannot be taken.',
  interfaces: [UserError],
});

export const WrongPassword = builder.objectRef<WrongPasswordClass>('WrongPassword').implement({
  description: 'The current password is another one.',
  interfaces: [UserError],
});

export const TooManyAttempts = builder.objectRef<TooManyAttemptsClass>('TooManyAttempts').implement({
  description: 'Nothing was tried.',
  interfaces: [UserError],
  fields: (t) => ({ retryAfterSeconds: t.exposeInt('retryAfterSeconds') }),
});

export const ReauthenticationRequired = builder
  .objectRef<ReauthenticationRequiredClass>('ReauthenticationRequired')
  .implement({
    description:
      'You must have signed in shortly before. Have the person sign in again (`max_age` of OpenID Connect), then repeat it.',
    interfaces: [UserError],
    fields: (t) => ({
      maxAgeSeconds: t.exposeInt('maxAgeSeconds', { description: 'How old the sign-in may be.' }),
    }),
  });
