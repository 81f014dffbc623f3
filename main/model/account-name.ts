import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import * as v from 'valibot';
import { nameSchema } from './names.ts';

/** Accounts of a computer, not of a person. */
const NOBODYS = /^(root|administrator|admin|user|guest|nobody|corridor)$/i;

/** The name of the person to whom this computer's account belongs, as a suggestion. Empty: the system does not know it. */
export function accountName(): string {
  try {
    const { username, uid } = userInfo();
    return nameOfAccount(username, fullName(uid));
  } catch {
    // A container may run under a number that no list of users has.
    return '';
  }
}

/** The full name if the account has one; otherwise the login name, written as a name. */
export function nameOfAccount(username: string, fullName: string): string {
  if (NOBODYS.test(username)) return '';
  const written = username
    .split(/[._\s-]+/u)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
  const found = [fullName, written]
    .map((name) => v.safeParse(nameSchema, name))
    .find(({ success }) => success);
  return found?.success ? found.output : '';
}

/** By the computer's list of users (passwd(5): the comment field, up to its first comma). Windows and macOS keep it elsewhere. */
function fullName(uid: number): string {
  try {
    const users = readFileSync('/etc/passwd', 'utf8').split('\n');
    const own = users.map((line) => line.split(':')).find((user) => user[2] === String(uid));
    const [, , , , comment = ''] = own ?? [];
    return comment.replace(/,.*/u, '').trim();
  } catch {
    return '';
  }
}
