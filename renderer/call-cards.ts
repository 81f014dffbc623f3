import type { CallStatus } from '../preload/api.ts';

/** One card: a call of two, or all calls of two of which a call of several is made. The first is who was called first. */
export type CallCardOf = readonly [CallStatus, ...CallStatus[]];

/** Puts together what goes on together. Whoever rings, and why a call did not come about, has a card of its own. Pure. */
export function callCards(calls: readonly CallStatus[]): readonly CallCardOf[] {
  const cards: [CallStatus, ...CallStatus[]][] = [];
  for (const call of calls) {
    const isIn = call.state === 'active' || (call.direction === 'out' && call.state !== 'ended');
    const card = isIn && call.party ? cards.find(([first]) => isTogether(first, call)) : undefined;
    if (card) card.push(call);
    else cards.push([call]);
  }
  return cards;
}

function isTogether(first: CallStatus, call: CallStatus): boolean {
  return first.state === 'active' && first.party === call.party;
}
