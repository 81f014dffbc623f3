import type { Emitter } from '../model/index.ts';
import type { ControlLink, ControlMessageOf } from '../signalling/index.ts';
import type { ControlRoutes } from './control-router.ts';
import type { OfficeEvents } from './events.ts';
import type { MemberLinks } from './member-links.ts';
import type { Office } from './office.ts';
import type { ProtocolGaps } from './protocol-gaps.ts';
import type { Reception } from './reception.ts';
import type { Redemptions } from './redemptions.ts';
import type { RosterSync } from './roster-sync.ts';

interface ControlRoutesParts {
  readonly office: Office;
  readonly links: MemberLinks;
  readonly redemptions: Redemptions;
  readonly reception: Reception;
  readonly rosterSync: RosterSync;
  readonly gaps: ProtocolGaps;
  readonly events: Emitter<OfficeEvents>;
}

/** Which part of the office takes each type of frame. */
export function controlRoutes(parts: ControlRoutesParts): ControlRoutes {
  const { office, redemptions, reception, rosterSync, events } = parts;
  const { ledgerSync } = parts.links;
  const forMessages = (link: ControlLink, frame: OfficeEvents['frame']['frame']): void =>
    events.emit('frame', { link, frame });
  return {
    ledger: (link, frame) => ledgerSync.ledger(link, frame),
    have: (link, frame) => ledgerSync.have(link, frame),
    statements: (link, frame) => ledgerSync.statements(link, frame),
    invitations: (link, { records }) => void office.invitations.take(records, link.peer),
    redeem: (link, frame) => redemptions.redeem(link, frame),
    // These frames belong to links of their own, between an outsider and a member.
    welcome: () => undefined,
    refused: () => undefined,
    ask: () => undefined,
    go: () => undefined,
    begin: () => undefined,
    nonce: () => undefined,
    reveal: () => undefined,
    agree: () => undefined,
    asked: (link, frame) => reception.asked(link, frame),
    answered: (link, frame) => reception.answered(link, frame),
    move: (link, frame) => events.emit('move', { link, frame }),
    'move-heard': ({ peer }, frame) => events.emit('move-heard', { node: peer, frame }),
    hello: (link, frame) => greeted(parts, link, frame),
    roster: (link, frame) => rosterSync.roster(link, frame),
    'roster-wanted': (link) => rosterSync.wanted(link),
    record: (link, { record }) => rosterSync.record(link, record),
    refuse: ({ peer }, { text }) => events.emit('refused', { node: peer, text }),
    // The election learns from beats that a node leaves.
    bye: () => undefined,
    announce: forMessages,
    sheet: forMessages,
    'sheet-wanted': forMessages,
    hashes: forMessages,
    manifest: forMessages,
    fetch: forMessages,
    'fetch-stop': forMessages,
    'fetch-end': forMessages,
    'holders-wanted': forMessages,
    holders: forMessages,
    receipt: forMessages,
    progress: forMessages,
    numbers: forMessages,
    seat: forMessages,
    'history-wanted': forMessages,
    history: forMessages,
    'older-wanted': forMessages,
    older: forMessages,
    'calls-seen': ({ peer }, frame) => events.emit('calls-seen', { node: peer, frame }),
    inbox: forMessages,
    keep: forMessages,
    prove: forMessages,
    proof: forMessages,
  };
}

/** The node at the other end introduces itself. */
function greeted(
  { links, rosterSync, gaps }: ControlRoutesParts,
  link: ControlLink,
  { record, visit, protocol }: ControlMessageOf<'hello'>,
): void {
  if (!link.settle(protocol)) return gaps.open(link.peer, protocol);
  gaps.mend(link.peer);
  if (visit || links.isVisit(link)) rosterSync.visit(link, record);
  else rosterSync.hello(link, record);
}
