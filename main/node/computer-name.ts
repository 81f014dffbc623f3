import * as v from 'valibot';
import { nameSchema } from '../model/index.ts';

/** What people call this computer: its host name without the domain. Undefined where that is no name. */
export function computerName(host: string): string | undefined {
  const parsed = v.safeParse(nameSchema, host.split('.')[0]);
  return parsed.success && parsed.output !== 'localhost' ? parsed.output : undefined;
}
