import type { CallCardOf } from './call-cards.ts';
import { namesOf } from './format.ts';
import { strings } from './strings/index.ts';

/** Who is at the other end; with the person who was dialled, where their divert led there. */
export function nameOfCall(card: CallCardOf): string {
  const [call] = card;
  if (card.length > 1) return namesOf(card);
  return call.meant && call.direction === 'out' ? `${call.meant.name} → ${call.name}` : call.name;
}

/** What is to be known of a call besides who is at the other end; empty: nothing. */
export function describeCall(
  card: CallCardOf,
  { isSecond, isMuted }: { readonly isSecond: boolean; readonly isMuted: boolean },
): string {
  const [call] = card;
  if (call.isIncoming) return describeIncoming(card, { isSecond, isMuted });
  if (call.pickedUpBy) return strings.callPickedUp(call.pickedUpBy.name);
  if (call.state === 'ended') return strings.callEnded[call.reason ?? 'other'];
  if (call.state !== 'active') return strings.callState[call.state];
  return describeActive(card);
}

function describeIncoming(
  [call]: CallCardOf,
  { isSecond, isMuted }: { readonly isSecond: boolean; readonly isMuted: boolean },
): string {
  if (call.alsoIn.length > 0) return strings.callComesInto(namesOf(call.alsoIn));
  if (call.putThroughBy) return strings.callPutThroughBy(call.putThroughBy.name, call.name);
  if (call.meant) return strings.callFor(call.meant.name);
  if (isMuted) return strings.callComesMuted;
  return isSecond ? strings.callComesToo : strings.callComes;
}

function describeActive(card: CallCardOf): string {
  const [call] = card;
  const { transfer } = call;
  const isOfSeveral = card.length > 1;
  if (call.transferredTo) return strings.callTransferredTo(call.transferredTo.name);
  if (transfer?.state === 'failed')
    return strings.callTransferFailed(transfer.name, strings.callEnded[transfer.reason ?? 'other']);
  if (transfer) return strings.callTransferring(transfer.name);
  if (call.isHeld) return strings.callHeld;
  if (call.isHeldByThem && !isOfSeveral) return strings.callHeldByThem;
  if (call.isMuted) return strings.callMuted;
  if (call.isSilenced && !isOfSeveral) return strings.callSilenced;
  if (!call.isAutomatic) return '';
  return call.direction === 'in' ? strings.callAnsweredItself : strings.callAnsweredThere;
}
