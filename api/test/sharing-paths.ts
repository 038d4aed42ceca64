import { graphqlPaths } from './sharing-paths-graphql.ts';
import { otherPaths } from './sharing-paths-other-faces.ts';
import type { Path } from './sharing-path.ts';

/** Every way by which a memory can be read. */
export const paths: readonly Path[] = [...graphqlPaths, ...otherPaths];
