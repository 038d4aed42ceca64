import { describe, expect, it } from 'vitest';
import { memoryOf, parseTime, placeOf, textOf } from './memory.ts';

describe('placeOf', () => {
  it('reads conversation and turn', () => {
    expect(placeOf('conv-26|D3:7')).toEqual({ thread: '3', position: 7 });
    expect(placeOf('conv-26|D19:105')).toEqual({ thread: '19', position: 105 });
  });

  it('takes sessions as one thread', () => {
    expect(placeOf('conv-26|S3')).toEqual({ thread: 'sessions', position: 3 });
  });

  it('leaves other ids alone', () => {
    for (const id of ['184', 'D3:7', 'conv|D3', 'conv|D3:7:1', 'conv|S']) expect(placeOf(id)).toBeUndefined();
  });
});

describe('parseTime', () => {
  it.each([
    ['1:56 pm on 8 May, 2023', '2023-05-08T13:56:00.000Z'],
    ['9:52 am on 1 December, 2023', '2023-12-01T09:52:00.000Z'],
    ['12:05 am on 25 February, 2023', '2023-02-25T00:05:00.000Z'],
    ['12:09 pm on 13 September, 2023', '2023-09-13T12:09:00.000Z'],
    ['2024-03-01T08:00:00Z', '2024-03-01T08:00:00.000Z'],
    ['2024-03-01', '2024-03-01T00:00:00.000Z'],
  ])('reads %s', (text, expected) => {
    expect(parseTime(text)).toBe(expected);
  });

  it.each(['', 'yesterday', '13:56 pm on 8 May, 2023', '1:56 pm on 8 Mai, 2023', '2024-99-99'])(
    'refuses "%s"',
    (text) => {
      expect(parseTime(text)).toBeUndefined();
    },
  );
});

describe('textOf', () => {
  it('puts the title before the text', () => {
    expect(textOf({ title: 'Session 1', text: 'Hello.' })).toBe('Session 1\nHello.');
  });

  it('does not say the title twice, even if it is broken into other lines', () => {
    expect(textOf({ title: 'A wing in\na slipstream', text: 'A wing in a\nslipstream . More.' })).toBe(
      'A wing in a\nslipstream . More.',
    );
  });

  it('is the title alone when there is no text', () => {
    expect(textOf({ title: 'Alone', text: '' })).toBe('Alone');
  });
});

describe('memoryOf', () => {
  it('carries place and time', () => {
    const document = { _id: 'c|D1:2', scope: 'c', time: '1:56 pm on 8 May, 2023', title: '', text: 'Hi.' };
    expect(memoryOf(document)).toEqual({
      text: 'Hi.',
      sourceId: 'c|D1:2',
      language: 'en',
      thread: '1',
      position: 2,
      occurredAt: '2023-05-08T13:56:00.000Z',
    });
  });

  it('is nothing without any text', () => {
    expect(memoryOf({ _id: '471', scope: 'c', time: '', title: '', text: ' ' })).toBeUndefined();
  });
});
