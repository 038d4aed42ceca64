import { describe, expect, it } from 'vitest';
import { readLibraryForm } from './library-form.ts';

describe('a form of the library', () => {
  it('is read with what it carries unseen', () => {
    const form = `<form id="op.deviceConfirmForm" method="post" action="https://picard.test/device?a=1&amp;b=2">
<input type="hidden" name="xsrf" value="0af3"/>
<input type="hidden" name="user_code" value="&lt;b&gt;&quot;"/>
<input type="hidden" name="confirm" value="yes"/>
</form>`;
    expect(readLibraryForm(form)).toEqual({
      action: '/device?a=1&b=2',
      hidden: [
        { name: 'xsrf', value: '0af3' },
        { name: 'user_code', value: '<b>"' },
        { name: 'confirm', value: 'yes' },
      ],
    });
  });

  it.each(['', '<form method="post"></form>', '<form action="/device"><input name="user_code"></form>'])(
    'is refused without its secret: %j',
    (form) => expect(() => readLibraryForm(form)).toThrow(TypeError),
  );
});
