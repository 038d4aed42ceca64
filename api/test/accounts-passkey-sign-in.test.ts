import { beforeAll, describe, expect, test } from 'vitest';
import { PasskeyStage } from './accounts-passkey-stage.ts';
import type { Person } from './accounts-people.ts';
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

describe('P40 signing in with a passkey', () => {
  test('P40 finds out who it is by the passkey alone, and remembers the use', async () => {
    const authenticator = await stage().enrol(bob, 'Laptop');
    expect(await stage().signIn(authenticator.get({ origin, challenge: await stage().challenge() }))).toBe(
      'bob',
    );
    expect(await stage().signIn(authenticator.get({ origin, challenge: await stage().challenge() }))).toBe(
      'bob',
    );
    const used = (await stage().list(bob)).find(({ id }) => id === authenticator.id);
    expect(used?.lastUsedAt).not.toBeNull();
  });

  test('P40 a passkey that does not count is taken too', async () => {
    const authenticator = new SoftwareAuthenticator();
    const { challenge: given } = await stage().begin(bob.viewer());
    await stage().add(bob.viewer(), authenticator.create({ origin, challenge: given, counter: 0 }));
    for (let round = 0; round < 2; round += 1)
      expect(
        await stage().signIn(authenticator.get({ origin, challenge: await stage().challenge(), counter: 0 })),
      ).toBe('bob');
  });

  test.each<[string, Partial<Answering>]>([
    ['of another page', { origin: 'https://evil.example' }],
    ['to a challenge that nobody gave', { challenge: 'bm9ib2R5LWdhdmUtdGhpcw' }],
    ['without verifying the person', { verified: false }],
    ['with a counter that did not go on, as a copy has', { counter: 1 }],
  ])('P40 refuses an answer %s', async (_what, flaw) => {
    const authenticator = await stage().enrol(bob);
    expect(await stage().signIn(authenticator.get({ origin, challenge: await stage().challenge() }))).toBe(
      'bob',
    );
    expect(
      await stage().signIn(authenticator.get({ origin, challenge: await stage().challenge(), ...flaw })),
    ).toBeNull();
  });

  test('P40 refuses an answer that was changed, and one for somebody else', async () => {
    const authenticator = await stage().enrol(bob);
    const good = authenticator.get({ origin, challenge: await stage().challenge() });
    const other = await stage().enrol(ada);
    const signature = other.get({ origin, challenge: await stage().challenge() }).response.signature;
    expect(await stage().signIn({ ...good, response: { ...good.response, signature } })).toBeNull();
    const taken = authenticator.get({ origin, challenge: await stage().challenge() });
    expect(await stage().signIn({ ...taken, id: other.id, rawId: other.id })).toBeNull();
    const unknown = new SoftwareAuthenticator().get({ origin, challenge: await stage().challenge() });
    expect(await stage().signIn(unknown)).toBeNull();
  });

  test('P40 a challenge is answered once: of many at the same time one gets in, and a repeated one does not', async () => {
    const authenticator = await stage().enrol(bob);
    const given = await stage().challenge();
    const answers = Array.from({ length: 8 }, () => authenticator.get({ origin, challenge: given }));
    const all = await Promise.all(answers.map((answer) => stage().signIn(answer)));
    expect(all.filter((handle) => handle === 'bob')).toHaveLength(1);
    for (const answer of answers) expect(await stage().signIn(answer)).toBeNull();
  });

  test('P40 a challenge ends with its time, and one to add a passkey is none to sign in', async () => {
    const authenticator = await stage().enrol(bob);
    const given = await stage().challenge();
    await stage().picard.picard.services.database.asOwner(
      (sql) => sql`update passkey_challenges set expires_at = now()`,
    );
    expect(await stage().signIn(authenticator.get({ origin, challenge: given }))).toBeNull();
    const { challenge: another } = await stage().begin(bob.viewer());
    expect(await stage().signIn(authenticator.get({ origin, challenge: another }))).toBeNull();
    const fresh = await stage().challenge();
    expect(
      (await stage().add(bob.viewer(), new SoftwareAuthenticator().create({ origin, challenge: fresh })))
        .__typename,
    ).toBe('PasskeyRefused');
  });

  test.each([[null], [1], ['text'], [{}], [{ id: 'x' }], [[]]])('P40 %j is no answer', async (response) => {
    expect(await stage().signIn(response)).toBeNull();
  });
});
