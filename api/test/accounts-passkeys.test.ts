import { beforeAll, describe, expect, test } from 'vitest';
import { PasskeyStage } from './accounts-passkey-stage.ts';
import { ask, type Person } from './accounts-people.ts';
import { opened } from './opened.ts';
import { SoftwareAuthenticator, type Answering } from './software-authenticator.ts';

const stage = opened(() => PasskeyStage.open());
let origin: string;
let ada: Person;
let bob: Person;
beforeAll(async () => {
  ({ origin } = stage());
  [ada, bob] = [await stage().person('ada'), await stage().person('bob')];
});

describe('P40 adding a passkey', () => {
  test('P40 asks for one that stays on the authenticator and is unlocked by the person', async () => {
    const options = await stage().begin(ada.viewer());
    expect(options.rp).toEqual({ id: 'localhost', name: 'Picard' });
    expect(options.user.name).toBe('ada');
    expect(options.authenticatorSelection).toMatchObject({
      residentKey: 'required',
      userVerification: 'required',
    });
  });

  test('P40 keeps it, and does not ask the same authenticator again', async () => {
    const authenticator = await stage().enrol(ada, '  My phone ');
    expect(await stage().list(ada)).toEqual([{ id: authenticator.id, name: 'My phone', lastUsedAt: null }]);
    const { excludeCredentials, challenge: next } = await stage().begin(ada.viewer());
    expect(excludeCredentials.map(({ id }) => id)).toEqual([authenticator.id]);
    const again = await stage().add(ada.viewer(), authenticator.create({ origin, challenge: next }));
    expect(again).toMatchObject({ __typename: 'PasskeyRefused', message: expect.stringContaining('in use') });
    // Another account cannot take it over either.
    const { challenge: others } = await stage().begin(bob.viewer());
    const stolen = await stage().add(bob.viewer(), authenticator.create({ origin, challenge: others }));
    expect(stolen.__typename).toBe('PasskeyRefused');
  });

  test.each<[string, (asked: Answering) => unknown]>([
    [
      'of another page',
      (asked) => new SoftwareAuthenticator().create({ ...asked, origin: 'https://evil.example' }),
    ],
    [
      'of another port of the same host',
      (asked) => new SoftwareAuthenticator().create({ ...asked, origin: 'http://localhost:1' }),
    ],
    [
      'to another challenge',
      (asked) => new SoftwareAuthenticator().create({ ...asked, challenge: 'bm90LXRoaXM' }),
    ],
    [
      'of an authenticator that did not verify the person',
      (asked) => new SoftwareAuthenticator().create({ ...asked, verified: false }),
    ],
    ['that signs in instead', (asked) => ({ ...new SoftwareAuthenticator().get(asked) })],
  ])('P40 refuses an answer %s', async (_what, answer) => {
    const before = await stage().list(bob);
    const { challenge: given } = await stage().begin(bob.viewer());
    const refused = await stage().add(bob.viewer(), answer({ origin, challenge: given }));
    expect(['PasskeyRefused', 'InvalidInput']).toContain(refused.__typename);
    expect(await stage().list(bob)).toEqual(before);
  });

  test('P40 takes one answer to a challenge, of whom it was given to', async () => {
    const { challenge: given } = await stage().begin(bob.viewer());
    const stranger = await stage().add(
      ada.viewer(),
      new SoftwareAuthenticator().create({ origin, challenge: given }),
    );
    expect(stranger.__typename).toBe('PasskeyRefused');
    const answers = await Promise.all(
      Array.from({ length: 5 }, () =>
        stage().add(bob.viewer(), new SoftwareAuthenticator().create({ origin, challenge: given })),
      ),
    );
    expect(answers.map(({ __typename }) => __typename).sort()).toEqual([
      'AddPasskeyPayload',
      ...Array.from({ length: 4 }, () => 'PasskeyRefused'),
    ]);
  });

  test('P40 refuses what is no answer, naming the field', async () => {
    for (const nonsense of ['', '{', '[]', 'null', '{"id":1}', JSON.stringify({ id: 'a', rawId: 'a' })])
      expect(await stage().add(bob.viewer(), nonsense)).toMatchObject({ __typename: 'InvalidInput' });
  });

  test('P41 it is renamed and deleted by its owner alone', async () => {
    const authenticator = await stage().enrol(ada);
    const rename = (person: Person, name: string) =>
      ask(
        stage().picard,
        person.viewer(),
        'mutation ($input: RenamePasskeyInput!) { renamePasskey(input: $input) { __typename } }',
        { input: { id: authenticator.id, name } },
      );
    const remove = (person: Person, ago = 0) =>
      ask(
        stage().picard,
        person.viewer(ago),
        'mutation ($input: DeletePasskeyInput!) { deletePasskey(input: $input) { __typename } }',
        { input: { id: authenticator.id } },
      );
    expect(await rename(bob, 'Mine')).toEqual({ __typename: 'PasskeyNotFound' });
    expect(await rename(ada, '')).toEqual({ __typename: 'InvalidInput' });
    expect(await rename(ada, 'Key ring')).toEqual({ __typename: 'RenamePasskeyPayload' });
    expect((await stage().list(ada)).map(({ name }) => name)).toContain('Key ring');
    expect(await remove(bob)).toEqual({ __typename: 'PasskeyNotFound' });
    expect(await remove(ada, 601)).toEqual({ __typename: 'ReauthenticationRequired' });
    expect(await remove(ada)).toEqual({ __typename: 'DeletePasskeyPayload' });
    expect(
      await stage().signIn(authenticator.get({ origin, challenge: await stage().challenge() })),
    ).toBeNull();
  });

  test('P40 twenty are enough', async () => {
    const collector = await stage().person('collector');
    for (let count = 0; count < 20; count += 1) await stage().enrol(collector);
    const more = await ask(stage().picard, collector.viewer(), 'mutation { beginPasskey { __typename } }');
    expect(more).toEqual({ __typename: 'PasskeyRefused' });
  });
});
