import type { TestContext } from 'node:test';
import * as v from 'valibot';
import type { Fragment, MessageId, NodeId } from '../model/index.ts';
import { controlMessageSchema, type MessageFrame } from '../signalling/index.ts';
import type { PeerLink } from './index.ts';
import { Desk } from './test-desk.ts';
import { newPerson } from './test-people.ts';
import { HandLink } from './test-ports.ts';

/** One end of a link within this process: what is sent arrives in order, later, as the schema reads it. */
class JoinedLink implements PeerLink {
  readonly peer: NodeId;
  readonly #deliver: (task: (desk: Desk, from: PeerLink) => void) => void;
  #queue: Promise<void> = Promise.resolve();

  constructor(to: Desk, from: () => PeerLink | undefined) {
    this.peer = to.node;
    this.#deliver = (task) => {
      this.#queue = this.#queue.then(() => {
        const link = from();
        if (link) task(to, link);
      });
    };
  }

  send(frame: MessageFrame): void {
    const text = JSON.stringify(frame);
    this.#deliver((desk, from) => {
      desk.messages.frame(v.parse(controlMessageSchema, JSON.parse(text)) as MessageFrame, from);
    });
  }

  sendFragments(id: MessageId, fragments: readonly Fragment[]): void {
    this.#deliver((desk, from) => desk.messages.fragments(id, fragments, from));
  }

  drained(): Promise<void> {
    return this.#queue;
  }
}

/** A link between two members. Returns its ends, each at the member of that place, and what cuts it. */
export function join(
  one: Desk,
  other: Desk,
): { readonly ends: readonly [PeerLink, PeerLink]; readonly cut: () => void } {
  let isUp = true;
  const here: PeerLink = new JoinedLink(other, () => (isUp ? there : undefined));
  const there: PeerLink = new JoinedLink(one, () => (isUp ? here : undefined));
  return { ends: [here, there], cut: () => void (isUp = false) };
}

/** The member follows the switch. Returns what cuts the link between them. */
export function follow(member: Desk, theSwitch: Desk): () => void {
  let isUp = true;
  const {
    ends: [up, down],
    cut,
  } = join(member, theSwitch);
  for (const { office } of [member, theSwitch]) {
    office.know(member, theSwitch);
    office.switchNode = theSwitch.node;
  }
  member.office.upstream = up;
  theSwitch.office.downstream.push(down);
  for (const [from, to] of [
    [member, theSwitch],
    [theSwitch, member],
  ] as const) {
    from.office.sendHeader = (_, header) => {
      if (isUp) to.hear(header);
    };
    from.office.sendHashes = (_, hashes) => {
      if (isUp) to.messages.hashes(hashes, from.node);
    };
    from.media.carry = (fragments, ssrc, targets) => {
      const isTarget = targets.some(({ port }) => port === to.record.endpoints.media);
      if (isUp && isTarget) to.media.arrive(fragments, ssrc);
    };
    from.messages.switchChanged();
  }
  member.messages.linkUp(up);
  return () => {
    isUp = false;
    cut();
    member.office.upstream = undefined;
    theSwitch.office.downstream = theSwitch.office.downstream.filter((link) => link !== down);
    member.messages.linkDown(up);
    theSwitch.messages.linkDown(down);
  };
}

/** A switch, two people who follow it, and its links to them. */
export async function switchBetween(t: TestContext) {
  const hub = await Desk.open(t, '103');
  const [ann, bob] = await Promise.all([newPerson(t, '101'), newPerson(t, '102')]);
  hub.office.know(ann, bob, hub);
  hub.office.switchNode = hub.node;
  const [toAnn, toBob] = [new HandLink(ann.record.node), new HandLink(bob.record.node)];
  hub.office.downstream = [toAnn, toBob];
  return { hub, ann, bob, toAnn, toBob };
}
