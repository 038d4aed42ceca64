import { specifiedDirectives } from 'graphql';
import '../accounts/account-links-schema.ts';
import '../accounts/api-key-mutations-schema.ts';
import '../accounts/api-keys-schema.ts';
import '../accounts/create-account-schema.ts';
import '../accounts/delete-account-schema.ts';
import '../accounts/passkeys-schema.ts';
import '../accounts/passwords-schema.ts';
import '../accounts/profile-schema.ts';
import '../accounts/schema.ts';
import '../admin/schema.ts';
import '../groups/invitation-mutations-schema.ts';
import '../groups/invitations-schema.ts';
import '../groups/members-schema.ts';
import '../groups/mutations-schema.ts';
import '../groups/schema.ts';
import '../memories/batches-schema.ts';
import '../memories/change-schema.ts';
import '../memories/mutations-schema.ts';
import '../memories/queries-schema.ts';
import '../memories/versions-schema.ts';
import '../oauth/connected-apps-schema.ts';
import '../oauth/sessions-schema.ts';
import '../oauth/signing-keys-schema.ts';
import '../search/schema.ts';
import './node.ts';
import './scalars.ts';
import { builder } from './builder.ts';
import { cost, effects, listSize, requiresScopes } from './directives.ts';

export const schema = builder.toSchema({
  directives: [...specifiedDirectives, requiresScopes, effects, cost, listSize],
});
