import { clearText } from '../clear-text.ts';
import { checked } from '../invalid-input.ts';

export const MIN_LENGTH = 10;
export const MAX_LENGTH = 128;

/** Of the passwords found most often in leaks, those that are long enough to be tried here. */
const common = new Set(
  (
    '1234567890 12345678910 123456789a 1234567891 0123456789 0987654321 9876543210 1q2w3e4r5t 1qaz2wsx3edc 1qazxsw23edc ' +
    'q1w2e3r4t5 qwertyuiop qwerty12345 qwerty123456 qwertyuiop123 qwerty1234 qazwsxedcrfv asdfghjkl123 asdfghjkl; ' +
    'zxcvbnm123 abcdefghij abcd123456 abc1234567 abc123abc123 password12 password123 password1234 password12345 ' +
    'passwordpassword passw0rd123 p@ssw0rd123 p@ssword123 password1! letmein123 letmein1234 iloveyou123 iloveyou12 ' +
    'iloveyouforever welcome123 welcome1234 administrator admin12345 admin123456 administrator1 changeme123 ' +
    'sunshine123 princess123 football123 baseball123 basketball superman123 liverpool1 manchester christopher ' +
    'charlie123 jessica123 michael123 dragon1234 monkey1234 master1234 starwars123 trustno1trustno1 whatever123 ' +
    'correcthorsebatterystaple internet123 computer123 default123 secret1234 test123456 testtest123 picardpicard'
  ).split(' '),
);

/** The same text in whichever form a keyboard sends it (NIST SP 800-63B section 3.1.1.2). */
export const normalised = (password: string): string => password.normalize('NFKC');

const length = (text: string): number => [...text].length;

const password = clearText
  .refine((value) => value.length <= 4 * MAX_LENGTH, `must be at most ${MAX_LENGTH} characters`)
  .transform(normalised)
  .refine((value) => length(value) >= MIN_LENGTH, `must be at least ${MIN_LENGTH} characters`)
  .refine((value) => length(value) <= MAX_LENGTH, `must be at most ${MAX_LENGTH} characters`)
  .refine(
    (value) => !common.has(value.toLowerCase()) && !/^(.)\1*$/su.test(value),
    'must be harder to guess: this one is among the first that are tried',
  );

/** A new password in the form that is hashed. @throws {InvalidInput} saying what is wrong with it. */
export function checkedPassword(value: unknown, handle: string, field = 'password'): string {
  return checked(
    field,
    password.refine((text) => text.toLowerCase() !== handle.toLowerCase(), 'must not be the handle'),
    value,
  );
}
