import { expect, it } from 'vitest';
import { table } from './table.ts';

it('lays columns out by their widest cell', () => {
  expect(
    table(
      ['what', 'ms'],
      [
        ['start', '431.2'],
        ['a longer name', '7'],
      ],
    ),
  ).toBe(
    ['what              ms', '-------------  -----', 'start          431.2', 'a longer name      7'].join(
      '\n',
    ),
  );
});
