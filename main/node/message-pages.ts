import type { MessageSummary, Result } from '../../preload/api.ts';
import { folded } from '../../i18n/index.ts';
import { firstOf, nextTurn, type MessageId, type NodeId } from '../model/index.ts';
import { arrivalOf, type Place, type StoredMessage } from '../store/index.ts';
import { messageNamed, type Checked, type NodeContext } from './node-context.ts';

/** So many messages are looked at before other work has its turn. */
const BATCH = 100;
/** A search answers after this time with what it has found, ms. */
const ANSWER_WITHIN_MS = 300;

/** A page of messages, the newest first. */
export function messagePage(
  node: NodeContext,
  { before, limit, unheard, which, ...asked }: Checked<'messages'>,
): readonly MessageSummary[] {
  const { messages, views } = node;
  const person = asked.with as NodeId | undefined;
  const isWanted = person === undefined ? () => true : isWith(node, person);
  if (which !== undefined) {
    const message = messageNamed(node, which);
    return message && isWanted(message) ? [views.summary(message)] : [];
  }
  const start = before as Place | undefined;
  const found = unheard
    ? unheardBefore(messages.kept.unheard(), start).filter(isWanted)
    : messages.kept.newest(start, isWanted);
  return firstOf(found, limit).map((message) => views.summary(message));
}

/** The newest first. */
function unheardBefore(unheard: StoredMessage[], before: Place | undefined): StoredMessage[] {
  const newest = unheard.reverse();
  if (!before) return newest;
  return newest.filter((message) => {
    const { place } = arrivalOf(message);
    return place < before.place || (place === before.place && message.id < before.id);
  });
}

/** Whether a message is from or to that person, at any computer that is or was theirs. */
function isWith(
  { session }: NodeContext,
  person: NodeId,
): (message: Pick<StoredMessage, 'header' | 'roles'>) => boolean {
  const present = session.office?.ledger.nodesOf(person) ?? [];
  const nodes = new Set<NodeId>([person, ...present, ...session.peers.formerNodesOf(person)]);
  return ({ header: { facts }, roles }) =>
    roles.mine === 'talker' ? facts.recipients.some((node) => nodes.has(node)) : nodes.has(facts.talker);
}

/** Messages that have all of the words, as far as one answer goes. */
export async function findMessages(
  node: NodeContext,
  { words, before, limit }: Checked<'findMessages'>,
): Promise<Result<'findMessages'>> {
  const { kept } = node.messages;
  const wanted = folded(words).split(/\s+/);
  const found: MessageSummary[] = [];
  const endsAt = performance.now() + ANSWER_WITHIN_MS;
  let last = before as Place | undefined;
  for (;;) {
    const batch = firstOf(kept.newest(last), BATCH);
    for (const message of batch) {
      last = { place: arrivalOf(message).place, id: message.id };
      const summary = await summaryWithWords(node, message.id);
      if (summary && hasAll(summary, wanted)) found.push(summary);
      if (found.length >= limit || performance.now() > endsAt) return { messages: found, before: last };
    }
    if (batch.length < BATCH) return { messages: found, before: null };
    await nextTurn();
  }
}

/** The message as it is shown, with its words open. */
async function summaryWithWords(
  { messages, transcripts, views }: NodeContext,
  id: MessageId,
): Promise<MessageSummary | undefined> {
  const message = messages.kept.get(id);
  if (!message) return undefined;
  if (message.header.facts.words) await messages.typed.open(message);
  if (transcripts.has(id)) await transcripts.open(id);
  const now = messages.kept.get(id);
  return now && now.local.deletedAt === undefined ? views.summary(now) : undefined;
}

function hasAll({ name, number, words, transcript }: MessageSummary, wanted: readonly string[]): boolean {
  const text = folded([name, `#${number}`, words?.text ?? '', transcript?.text ?? ''].join('\n'));
  return wanted.every((word) => text.includes(word));
}
