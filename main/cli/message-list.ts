import type { MessagePosition, MessageSummary } from '../../preload/api.ts';
import type { RemoteNode } from '../transports/index.ts';
import { UsageError } from './exit.ts';
import { idOf as personIdOf } from './person-id.ts';

/** The API gives this many messages in one answer at most. */
const MOST = 500;
const USUAL = 100;

/** Which messages are listed. */
export interface ListOptions {
  readonly find?: string;
  readonly with?: string;
  readonly unheard?: true;
  readonly before?: string;
  readonly limit?: number;
}

interface Listed {
  readonly messages: readonly MessageSummary[];
  /** Older ones may follow. */
  readonly isPart: boolean;
}

/** Answers with at most `limit` messages before a place. */
type Ask = (before: MessagePosition | undefined, limit: number) => Promise<Part>;

interface Part {
  readonly messages: readonly MessageSummary[];
  /** Where to go on; null: nothing is left. */
  readonly next: MessagePosition | null;
}

/** The messages that are asked for, the latest first. @throws UsageError where somebody or something that is named is not there */
export async function listMessages(node: RemoteNode, options: ListOptions): Promise<Listed> {
  const { find, with: extension, unheard, before, limit = USUAL } = options;
  const words = find?.trim() ?? '';
  if (words !== '' && (extension !== undefined || unheard))
    throw new UsageError('--find goes without --with and --unheard.');
  const from = before === undefined ? undefined : placeOf(await messageNamed(node, before));
  if (words !== '') return inParts(finding(node, words), from, limit);
  const person = extension === undefined ? undefined : await personIdOf(node, extension);
  const filter = { ...(person !== undefined && { with: person }), ...(unheard && { unheard }) };
  return inParts(paging(node, filter), from, limit);
}

/** The message that a number, an id or `next` names. @throws UsageError where there is none */
export async function messageNamed(node: RemoteNode, which: string): Promise<MessageSummary> {
  const [message] = await node.call('messages', { which });
  if (message) return message;
  throw new UsageError(`There is no message ${which} here. See: corridor messages`);
}

function paging(node: RemoteNode, filter: { readonly with?: string; readonly unheard?: true }): Ask {
  return async (before, limit) => {
    const messages = await node.call('messages', { ...filter, ...(before && { before }), limit });
    const last = messages[messages.length - 1];
    return { messages, next: last && messages.length === limit ? placeOf(last) : null };
  };
}

function finding(node: RemoteNode, words: string): Ask {
  return async (before, limit) => {
    const found = await node.call('findMessages', { words, ...(before && { before }), limit });
    return { messages: found.messages, next: found.before };
  };
}

async function inParts(ask: Ask, from: MessagePosition | undefined, limit: number): Promise<Listed> {
  const messages: MessageSummary[] = [];
  let next: MessagePosition | null | undefined = from;
  do {
    const part: Part = await ask(next, Math.min(MOST, limit - messages.length));
    messages.push(...part.messages);
    next = part.next;
  } while (next !== null && messages.length < limit);
  return { messages, isPart: next !== null };
}

function placeOf({ place, id }: MessageSummary): MessagePosition {
  return { place, id };
}
