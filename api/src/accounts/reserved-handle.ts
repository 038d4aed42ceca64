import { checked } from '../invalid-input.ts';
import { handle, type Account } from './account.ts';
import { HandleReserved } from './errors.ts';

/** By these somebody could pose as the server, or as those who look after it; some have a meaning in addresses and programs. */
export const RESERVED_HANDLES = (
  'admin admins administrator administrators root superuser sysadmin system server moderator moderators staff picard ' +
  'support security help helpdesk abuse webmaster postmaster hostmaster noreply everyone everybody anyone public anonymous ' +
  'nobody guest me api mcp oauth graphql null undefined'
).split(' ');

const LOOKALIKES: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'l',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '8': 'b',
  '9': 'g',
  i: 'l',
};

/** The same for handles that are easily taken for each other: without separators, each sign by what it looks like. */
const appearance = (text: string): string =>
  text
    .replaceAll(/[_-]/g, '')
    .replaceAll(/[013457-9i]/g, (sign) => LOOKALIKES[sign] ?? sign)
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w')
    .replaceAll('cl', 'd');

const reserved = new Set(RESERVED_HANDLES.map(appearance));

/** Whether it is, or looks like, a handle that nobody but an administrator may take. */
export const isReserved = (text: string): boolean => reserved.has(appearance(text));

/**
 * The handle that an account takes. One that it has already stays its own.
 * @throws {InvalidInput | HandleReserved}
 */
export function checkedHandle(
  value: unknown,
  { administrator, handle: present }: { administrator: boolean; handle?: Account['handle'] },
): string {
  const wanted = checked('handle', handle, value);
  if (!administrator && wanted !== present && isReserved(wanted)) throw new HandleReserved(wanted);
  return wanted;
}
