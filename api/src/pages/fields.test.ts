import { describe, expect, it } from 'vitest';
import { errorSummary, field, type Field } from './fields.ts';

const handle: Field = {
  name: 'handle',
  label: 'Handle',
  autocomplete: 'username',
  hint: 'Yours.',
  value: '"><b>',
};
const wrong = [{ field: 'handle', message: 'Enter <it>.' }];

describe('a field', () => {
  it('has a label and is tied to its hint', () => {
    const shown = field(handle, []).toString();
    expect(shown).toContain('<label for="field-handle">Handle</label>');
    expect(shown).toContain('aria-describedby="field-handle-hint"');
    expect(shown).toContain('id="field-handle-hint"');
    expect(shown).toContain('autocomplete="username"');
    expect(shown).toContain('value="&quot;&gt;&lt;b&gt;"');
    expect(shown).not.toContain('aria-invalid');
  });

  it('is tied to what is wrong with it, and to nothing that is wrong elsewhere', () => {
    const shown = field(handle, wrong).toString();
    expect(shown).toContain('aria-invalid="true"');
    expect(shown).toContain('aria-describedby="field-handle-hint field-handle-error"');
    expect(shown).toMatch(/id="field-handle-error">Enter &lt;it&gt;\.</);
    expect(field({ ...handle, name: 'other' }, wrong).toString()).not.toContain('aria-invalid');
  });

  it('never brings a password back', () => {
    const shown = field({ ...handle, type: 'password', value: 'secret' }, wrong).toString();
    expect(shown).not.toContain('secret');
  });
});

describe('the summary of what is wrong', () => {
  it('leads to each field, takes the focus, and is read out', () => {
    const shown = String(errorSummary([...wrong, { field: null, message: 'And this.' }]));
    expect(shown).toContain('<a href="#field-handle">Enter &lt;it&gt;.</a>');
    expect(shown).toContain('And this.');
    expect(shown).toMatch(/role="alert"[^>]*autofocus/);
  });

  it('is not there when nothing is', () => expect(errorSummary([])).toBeNull());
});
