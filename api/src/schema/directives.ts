import {
  DirectiveLocation,
  GraphQLBoolean,
  GraphQLDirective,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLString,
} from 'graphql';

const strings = new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(GraphQLString)));

export const requiresScopes = new GraphQLDirective({
  name: 'requiresScopes',
  description: 'A credential must hold all the scopes of one of these lists.',
  locations: [DirectiveLocation.FIELD_DEFINITION],
  args: { scopes: { type: new GraphQLNonNull(new GraphQLList(strings)) } },
});

export const effects = new GraphQLDirective({
  name: 'effects',
  description: 'What a mutation does to what is there, for assistants that ask before they act.',
  locations: [DirectiveLocation.FIELD_DEFINITION],
  args: {
    destructive: { type: new GraphQLNonNull(GraphQLBoolean), defaultValue: false },
    idempotent: { type: new GraphQLNonNull(GraphQLBoolean), defaultValue: false },
    openWorld: { type: new GraphQLNonNull(GraphQLBoolean), defaultValue: false },
  },
});

export const cost = new GraphQLDirective({
  name: 'cost',
  description: 'Points that a field costs by itself; a request may cost 1000.',
  locations: [DirectiveLocation.FIELD_DEFINITION],
  args: { weight: { type: new GraphQLNonNull(GraphQLInt) } },
});

export const listSize = new GraphQLDirective({
  name: 'listSize',
  description: 'The argument that says how many items come; each costs a point, and all that is asked of it.',
  locations: [DirectiveLocation.FIELD_DEFINITION],
  args: { slicingArguments: { type: strings } },
});
