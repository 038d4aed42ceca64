import type { TestPicard } from './picard.ts';

/** What is there before a tool is called: two memories under a tag of their own, one of them shared, and one in the trash. */
export interface Scene {
  userId: string;
  tag: string;
  tea: string;
  train: string;
  trashed: string;
  /** Somebody else, and a group that the user is in. */
  friend: string;
  groupId: string;
}

let scenes = 0;

/** Sets the scene through GraphQL, apart from every other scene by its tag. */
export async function setScene(picard: TestPicard, key: string): Promise<Scene> {
  const tag = `scene ${(scenes += 1)}`;
  const { viewer } = await picard.data<{ viewer: { user: { id: string } } }>(
    '{ viewer { user { id } } }',
    {},
    key,
  );
  const submit = async (text: string) => {
    const { submitMemory } = await picard.data<{ submitMemory: { memory: { id: string } } }>(
      'mutation ($input: SubmitMemoryInput!) { submitMemory(input: $input) { ... on SubmitMemoryPayload { memory { id } } } }',
      { input: { text, kind: 'PREFERENCE', tags: [tag] } },
      key,
    );
    return submitMemory.memory.id;
  };
  const friend = `friend-${scenes}`;
  await picard.account(friend);
  const scene = {
    friend,
    groupId: await ownGroup(picard, key),
    userId: viewer.user.id,
    tag,
    tea: await submit('Ada drinks green tea.'),
    train: await submit('Ada prefers window seats on trains.'),
    trashed: await submit('Ada hates rain.'),
  };
  await picard.data(
    'mutation ($id: ID!) { deleteMemory(input: { id: $id }) { __typename } }',
    { id: scene.trashed },
    key,
  );
  await picard.data(
    'mutation ($id: ID!, $friend: String!) { shareMemory(input: { memoryId: $id, with: { handle: $friend } }) { __typename } }',
    { id: scene.train, friend },
    key,
  );
  return scene;
}

/** One for all scenes, since an account is in so many groups at most. */
async function ownGroup(picard: TestPicard, key: string): Promise<string> {
  const { viewer } = await picard.data<{ viewer: { groups: { edges: { node: { id: string } }[] } } }>(
    '{ viewer { groups(first: 1) { edges { node { id } } } } }',
    {},
    key,
  );
  const [first] = viewer.groups.edges;
  if (first) return first.node.id;
  const { createGroup } = await picard.data<{ createGroup: { group: { id: string } } }>(
    'mutation { createGroup(input: { name: "Lighthouse keepers" }) { ... on CreateGroupPayload { group { id } } } }',
    {},
    key,
  );
  return createGroup.group.id;
}
