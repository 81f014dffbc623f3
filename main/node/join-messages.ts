import type { Messages } from '../messages/index.ts';
import type { OfficeSession } from '../office/index.ts';

/** Tells the messages what the office brings: headers, frames, fragments, links, and who is there. */
export function joinMessages(messages: Messages, { events, roster }: OfficeSession): void {
  events.on('header', ({ from, header }) => messages.header(header, from));
  events.on('hashes', ({ from, hashes }) => messages.hashes(hashes, from));
  events.on('frame', ({ link, frame }) => messages.frame(frame, link));
  events.on('fragments', ({ link, id, fragments }) => messages.fragments(id, fragments, link));
  events.on('linked', (link) => messages.linkUp(link));
  events.on('unlinked', (link) => messages.linkDown(link));
  events.on('switch', () => messages.switchChanged());
  events.on('endpoints', () => messages.outgoing.lookAgain());
  events.on('roster', () => {
    messages.membersChanged();
    messages.expect(roster.othersOnline.flatMap(({ node }) => roster.directory.get(node) ?? []));
  });
}
