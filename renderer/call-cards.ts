import type { CallStatus } from '../preload/api.ts';

/** One card: a call of two, or all calls of two that form a call of several, the oldest first. */
export type CallCardOf = readonly [CallStatus, ...CallStatus[]];

/** Groups the calls of each call of several on one card. Ringing and ended calls have cards of their own. Pure. */
export function callCards(calls: readonly CallStatus[]): readonly CallCardOf[] {
  const cards: [CallStatus, ...CallStatus[]][] = [];
  for (const call of calls) {
    const isIn = !call.isIncoming && call.state !== 'ended';
    const card = isIn && call.party ? cards.find(([first]) => isTogether(first, call)) : undefined;
    if (card) card.push(call);
    else cards.push([call]);
  }
  return cards;
}

function isTogether(first: CallStatus, call: CallStatus): boolean {
  return first.state === 'active' && first.party === call.party;
}
