import assert from 'node:assert/strict';
import type { MemberPerson, Person } from '../../preload/api.ts';
import type { Member } from './office.ts';

/** The colleague who has this number, as the member's list of people shows them. */
export async function personOf({ node, name }: Member, extension: string): Promise<Person> {
  const person = (await node.call('people')).find((one) => one.extension === extension);
  assert.ok(person, `${name} knows who has ${extension}`);
  return person;
}

/** Who has this number in the office, which may be the member themself. */
export async function memberOf({ node, name }: Member, extension: string): Promise<MemberPerson> {
  const person = (await node.call('members')).people.find((one) => one.extension === extension);
  assert.ok(person, `${name} knows a member who has ${extension}`);
  return person;
}

/** The member themself, whatever their number is. */
export async function ownPerson({ node, name }: Member): Promise<MemberPerson> {
  const person = (await node.call('members')).people.find(({ isMe }) => isMe);
  assert.ok(person, `${name} is in an office`);
  return person;
}

/** The id of the member's computer. */
export async function computerOf({ node, name }: Member): Promise<string> {
  const id = (await node.call('status')).node?.id;
  assert.ok(id, `${name} is in an office`);
  return id;
}
