import type { OfficeId } from '../identity/index.ts';
import type { NodeId, Schedule } from '../model/index.ts';
import type { ControlMessageOf } from '../signalling/index.ts';
import type { OfficePeers } from './office-peers.ts';
import type { OfficeSession } from './office-session.ts';

/** At most this many computers are asked at once: fewer than the visits that a node may make. */
const AT_ONCE = 8;
/** How long an answer is awaited, ms: a link has to come up, ledgers are exchanged, and the disk takes new statements. */
const ANSWER_WITHIN_MS = 5_000;

interface Proposal {
  readonly office: OfficeId;
  readonly frame: ControlMessageOf<'move'>;
  readonly to: readonly NodeId[];
}

interface ProposeMoveParts {
  readonly session: Pick<OfficeSession, 'events'> & { readonly peers: Pick<OfficePeers, 'reach'> };
  readonly schedule: Schedule;
}

/** Asks these members’ computers whether their people move too. Resolves with those that ask their person, or have asked before. */
export async function proposeMove(parts: ProposeMoveParts, proposal: Proposal): Promise<ReadonlySet<NodeId>> {
  const asked = new Set<NodeId>();
  const waiting = [...proposal.to];
  const next = async (): Promise<void> => {
    const node = waiting.shift();
    if (node === undefined) return;
    if (await ask(parts, proposal, node)) asked.add(node);
    await next();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
  return asked;
}

function ask({ session, schedule }: ProposeMoveParts, { office, frame }: Proposal, node: NodeId) {
  return new Promise<boolean>((resolve) => {
    const end = (isAsked: boolean): void => {
      stop();
      cancel();
      resolve(isAsked);
    };
    const stop = session.events.on('move-heard', (heard) => {
      if (heard.node === node && heard.frame.office === office) end(heard.frame.isAsked);
    });
    const cancel = schedule(() => end(false), ANSWER_WITHIN_MS);
    session.peers.reach(node).then(
      (link) => {
        if (!link?.send(frame)) end(false);
      },
      () => end(false),
    );
  });
}
