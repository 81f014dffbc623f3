import { Election } from '../election/index.ts';
import type { Endpoints } from '../model/index.ts';
import type { MemberDatagrams } from './member-datagrams.ts';
import type { OfficeSocketsParts } from './office-sockets.ts';
import type { OwnRecord } from './own-record.ts';

export interface RunElectionParts extends OfficeSocketsParts {
  readonly record: OwnRecord;
  /** How well this computer suits as the switch, 0 to 999. */
  readonly rank: number;
  /** Whether it has no room to keep messages. */
  readonly isFull?: (() => boolean) | undefined;
}

/** Begins to beat, and to look for colleagues where they were last. `boot`: the number of this start. */
export function runElection(
  { identity, roster, record, clock, random, rank, isFull, starts }: RunElectionParts,
  datagrams: MemberDatagrams,
  endpoints: Endpoints,
  boot: number,
): void {
  const election = new Election({
    ...{ self: identity.nodeId, rank, endpoints, boot },
    random: () => random.fraction(),
    isMember: (node) => datagrams.isMember(node),
    terms: starts.knownTerms,
    revision: record.current.record.revision,
    roster: () => roster.digest(),
    wall: () => clock.now(),
    isFull: isFull?.() ?? false,
    now: clock.monotonic(),
  });
  datagrams.run(election, endpoints.control);
  for (const { node, endpoints: known } of roster.directory.roster()) {
    if (node === identity.nodeId) continue;
    datagrams.addPeer(node, known);
    datagrams.addCandidate({ address: known.address, port: known.beat });
  }
}
