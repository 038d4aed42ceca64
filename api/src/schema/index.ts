import { specifiedDirectives } from 'graphql';
import '../accounts/api-keys-schema.ts';
import '../accounts/create-account-schema.ts';
import '../accounts/schema.ts';
import '../admin/schema.ts';
import '../memories/batches-schema.ts';
import '../memories/change-schema.ts';
import '../memories/mutations-schema.ts';
import '../memories/queries-schema.ts';
import '../memories/versions-schema.ts';
import '../search/schema.ts';
import './node.ts';
import './scalars.ts';
import { builder } from './builder.ts';
import { cost, effects, listSize, requiresScopes } from './directives.ts';

export const schema = builder.toSchema({
  directives: [...specifiedDirectives, requiresScopes, effects, cost, listSize],
});
