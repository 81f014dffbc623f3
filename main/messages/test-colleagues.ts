import type { TestContext } from 'node:test';
import { Desk } from './test-desk.ts';
import { newPerson, speak, type Person } from './test-people.ts';
import { HandLink } from './test-ports.ts';

/** Bob's desk; Ann, Cleo and Eve, whom it knows; the hub, which is the switch unless a role says otherwise. */
export async function bobAmongColleagues(t: TestContext) {
  const bob = await Desk.open(t, '102');
  const [ann, cleo, eve, hub] = (await Promise.all(
    ['101', '104', '105', '103'].map((n) => newPerson(t, n)),
  )) as [Person, Person, Person, Person];
  bob.office.know(ann, cleo, eve, hub, bob);
  bob.office.switchNode = hub.record.node;
  const toHub = new HandLink(hub.record.node);
  bob.office.upstream = toHub;
  const [toAnn, toCleo, toEve] = [ann, cleo, eve].map(({ record }) => new HandLink(record.node)) as [
    HandLink,
    HandLink,
    HandLink,
  ];
  const over = bob.watch('over');
  const say = (talker: Person, ...to: Person[]) => speak(talker, to, { time: bob.time });
  const dropped = (person: Person) => over.filter(({ node }) => node === person.record.node).length;
  /** Bob's node is the switch, or its standby. */
  const keep = (role: 'switch' | 'standby') => {
    if (role === 'standby') bob.office.standbyNode = bob.node;
    else {
      bob.office.switchNode = bob.node;
      bob.office.upstream = undefined;
      bob.office.downstream = [toAnn, toCleo, toEve];
    }
  };
  return { bob, ann, cleo, eve, hub, toHub, toAnn, toCleo, toEve, say, dropped, keep };
}
