import { describe, expect, test } from 'vitest';
import { Followers } from './followers.ts';

/** Followers whose audiences are read when the test says so. */
function open() {
  const reads: PromiseWithResolvers<string[]>[] = [];
  const followers = new Followers<string>(() => {
    const read = Promise.withResolvers<string[]>();
    reads.push(read);
    return read.promise;
  });
  const heard: string[] = [];
  const remove = followers.add('bob', (event) => heard.push(event));
  const learn = async (...audiences: string[]) => {
    const known = followers.known('bob');
    reads.at(-1)?.resolve(audiences);
    await known;
  };
  return { followers, heard, remove, learn, reads };
}

describe('who follows', () => {
  test('hears of their own at once, and of their audiences when those are known', async () => {
    const { followers, heard, learn } = open();
    followers.tellAccount('bob', 'own');
    followers.tellAudiences(['bob', 'group'], 'too early');
    await learn('bob', 'group');
    followers.tellAudiences(['other'], 'of others');
    followers.tellAudiences(['bob', 'group', 'other'], 'in two ways');
    expect(heard).toEqual(['own', 'in two ways']);
  });

  test('is in the groups that the last word puts them in, also while they are being read', async () => {
    const { followers, heard, learn } = open();
    const known = learn('bob', 'left', 'left and back');
    followers.move('bob', 'joined', true);
    followers.move('bob', 'left', false);
    followers.move('bob', 'left and back', false);
    followers.move('bob', 'left and back', true);
    await known;
    for (const group of ['joined', 'left', 'left and back']) followers.tellAudiences([group], group);
    followers.move('bob', 'joined', false);
    followers.move('bob', 'later', true);
    followers.move('eve', 'left', true);
    for (const group of ['joined', 'left', 'later']) followers.tellAudiences([group], `${group} again`);
    expect(heard).toEqual(['joined', 'left and back', 'later again']);
  });

  test('is in no group until their audiences are read again, after nothing was heard for a while', async () => {
    const { followers, heard, learn, reads } = open();
    await learn('bob', 'group');
    followers.learnAnew();
    followers.tellAudiences(['group'], 'not known to be theirs');
    reads.at(-1)?.resolve(['bob', 'other']);
    await followers.known('bob');
    followers.tellAudiences(['group'], 'no longer theirs');
    followers.tellAudiences(['other'], 'theirs');
    expect(heard).toEqual(['theirs']);
    expect(reads).toHaveLength(2);
  });

  test('may ask again when their audiences could not be read', async () => {
    const { followers, heard, learn, reads } = open();
    const known = followers.known('bob');
    reads[0]?.reject(new Error('away'));
    await expect(known).rejects.toThrow('away');
    await learn('bob');
    followers.tellAudiences(['bob'], 'heard');
    expect(heard).toEqual(['heard']);
  });

  test('hears nothing after they have gone, and leaves nothing behind', async () => {
    const { followers, heard, remove, learn, reads } = open();
    await learn('bob', 'group');
    remove();
    followers.tellAccount('bob', 'own');
    followers.tellAudiences(['bob', 'group'], 'shared');
    followers.learnAnew();
    expect(heard).toEqual([]);
    expect(reads).toHaveLength(1);
    await followers.known('bob');
  });
});
