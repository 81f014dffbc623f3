import type { Office, Roster } from '../office/index.ts';
import { CorridorError, type NodeId } from '../model/index.ts';
import { officeOf, type NodeContext } from './node-context.ts';

/**
 * Somebody chooses a number for themself. A number that they have already is not refused, even where a code that hides it came
 * later. @throws CorridorError `extension-reserved`
 */
export function refuseReserved({ roster, session }: NodeContext, extension: string | undefined): void {
  const ledger = session.office?.ledger;
  const own = ledger?.self && ledger.extensionOf(ledger.self.person);
  if (extension === undefined || extension === own) return;
  refuseReservedNumber(roster, extension, roster.directory.nextFree());
}

/** @throws CorridorError `extension-reserved` where a code hides the mailbox of this number */
export function refuseReservedNumber(
  { directory }: Pick<Roster, 'directory'>,
  extension: string,
  free: string,
): void {
  if (directory.hiding(extension) === undefined) return;
  const mailbox = directory.mailboxOf(extension);
  throw new CorridorError(
    'extension-reserved',
    `Extension ${extension} is given to nobody, since ${mailbox} does something else. ${free} is free.`,
    { details: { extension, mailbox, free } },
  );
}

/**
 * The number is to be this person's, or a group's. @throws CorridorError `extension-taken` where somebody else or another group
 * has it
 */
export function refuseTaken(node: NodeContext, extension: string, free: string, person?: NodeId): void {
  const holder = holderOf(node, officeOf(node).ledger, extension);
  if (!holder || (person !== undefined && holder.person === person)) return;
  const { name } = holder;
  throw new CorridorError(
    'extension-taken',
    `Extension ${extension} belongs to ${name ?? 'somebody else'} already. ${free} is free.`,
    { details: { extension, holder: name, free } },
  );
}

/** Who has the number. `name` is null where the person has not said it; `person` is undefined where a group has the number. */
export function holderOf(
  { roster: { directory } }: { readonly roster: Pick<Roster, 'directory'> },
  ledger: Office['ledger'],
  extension: string,
): { readonly person: NodeId | undefined; readonly name: string | null } | undefined {
  const group = ledger.groupWith(extension);
  const person = ledger.holderOf(extension);
  if (group) return { person, name: group.name };
  return person === undefined ? undefined : { person, name: directory.nameOfPerson(person) ?? null };
}
