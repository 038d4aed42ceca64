import { html, type Html } from './html.ts';

const DAY = 86_400;

/** When access ends, in seconds from now. The last stands for no end: until it is taken away. */
export const ENDS = {
  '30': { seconds: 30 * DAY, text: 'In 30 days' },
  '90': { seconds: 90 * DAY, text: 'In 90 days' },
  '365': { seconds: 365 * DAY, text: 'In 1 year' },
  never: { seconds: 100 * 365 * DAY, text: 'When I disconnect it' },
} as const;
export type End = keyof typeof ENDS;

const DEFAULT_END: End = '90';
const ORDER = ['30', '90', '365', 'never'] as const satisfies readonly End[];

export interface ConsentChoices {
  access: 'read' | 'write';
  end: End;
}

/** Null for what no form of ours sends. @param mayNarrow whether the form asked about reading and writing. */
export function readChoices(form: URLSearchParams, mayNarrow: boolean): ConsentChoices | null {
  const access = mayNarrow ? form.get('access') : 'write';
  const end = ORDER.find((each) => each === form.get('end'));
  return end !== undefined && (access === 'read' || access === 'write') ? { access, end } : null;
}

export function accessChoice(): Html {
  return html`<fieldset>
    <legend>How much of it may it do?</legend>
    <label class="choice">
      <input type="radio" name="access" value="write" checked />
      <span><strong>Read and write</strong> <span class="soft">All that it asks for.</span></span>
    </label>
    <label class="choice">
      <input type="radio" name="access" value="read" />
      <span><strong>Read only</strong> <span class="soft">It can change nothing.</span></span>
    </label>
  </fieldset>`;
}

/** @param now what the dates are counted from. */
export function endChoice(now: Date): Html {
  return html`<div class="field">
    <label for="field-end">When does this end?</label>
    <select id="field-end" name="end">
      ${ORDER.map((end) =>
        end === DEFAULT_END
          ? html`<option value="${end}" selected>${endText(end, now)}</option>`
          : html`<option value="${end}">${endText(end, now)}</option>`,
      )}
    </select>
  </div>`;
}

const dates = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' });

function endText(end: End, now: Date): string {
  const { seconds, text } = ENDS[end];
  return end === 'never' ? text : `${text}: ${dates.format(now.getTime() + seconds * 1_000)}`;
}
