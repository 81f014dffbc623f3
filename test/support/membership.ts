import assert from 'node:assert/strict';
import type { NodeEvent } from '../../preload/api.ts';
import { eventually } from './eventually.ts';
import type { LoopbackOffice, Member } from './office.ts';

export const isRemoved = (event: NodeEvent) => event.type === 'status' && event.status.state === 'removed';

/** What its computer says of its place in the office. */
export async function statusOf({ node }: Member) {
  const { state, role, removed, node: own } = await node.call('status');
  // While it becomes a member under new keys, nobody has removed these.
  if (removed?.by) assert.ok(Date.now() - (removed.at ?? 0) < 600_000, 'when it was');
  return { state, role, removed: removed?.by ?? null, number: own?.extension ?? null };
}

/** What this node holds the office's people to be: their numbers, and `!` behind those of admins. */
export async function listAt({ node }: Member): Promise<string[]> {
  const { people } = await node.call('members');
  return people.map(({ extension, isAdmin }) => `${extension ?? '-'}${isAdmin ? '!' : ''}`);
}

/** Waits until this node holds them to be that. */
export async function listIs(member: Member, ...list: readonly string[]): Promise<void> {
  let seen: readonly string[] = [];
  await eventually(
    async () => {
      seen = await listAt(member);
      return seen.join() === list.join();
    },
    () => `${member.name} sees ${list.join()}, not ${seen.join()}; log ${member.log.slice(-5).join(' | ')}`,
  );
}

/** Waits until the person with this number is in the office, and their computer has said where it is. */
export async function hasMet({ node, name }: Member, extension: string): Promise<void> {
  await eventually(
    async () => (await node.call('people')).some((one) => one.extension === extension),
    `${name} has met ${extension}`,
  );
}

/** A member's profile, started again after `office.close`: it is in the office it was in, if it still is. */
export function startAgain(
  office: LoopbackOffice,
  { extension, profile, name }: Pick<Member, 'extension' | 'profile' | 'name'>,
): Promise<Member> {
  return office.add(extension, { profile, name, office: undefined } as object);
}

/** A computer that is in no office yet, and may come into this one. */
export function newcomer(office: LoopbackOffice, extension: string): Promise<Member> {
  return office.add(extension, { office: undefined } as object);
}

/** Comes into the office by that link, as its own name and number. */
export function join({ node, name, extension }: Member, link: string) {
  return node.call('setup', { office: link, name, extension });
}
