import * as v from 'valibot';
import { localizedText, type LocalizedText } from '../../../i18n/index.ts';
import { BUDGETS, CorridorError, nodeIdSchema, timeSchema, type NodeId } from '../../model/index.ts';
import type { Standing } from '../ledger/ledger.ts';
import { MAX_REMOVED, officeIdSchema, type OfficeId } from '../ledger/statement.ts';
import { moveSchema, type JoiningFrameOf } from './frames.ts';
import { readJoinLink } from './join-link.ts';

/*
 * Founding the office anew. No rule inside a ledger can protect it from its most trusted key, so people can leave it together: the member
 * who founds another office asks the others whether they move too, each of them once.
 */

const DAY_MS = 24 * 60 * 60 * 1000;
const MAX_OPEN = BUDGETS.moveQuestions.inAll.atOnce;
/** At most this many questions are remembered, enough for one of every person of an office. */
const MAX_REMEMBERED = 256;
/** At most this many people are named in the question; further ones are counted. */
const MAX_NAMES = 5;

/** A question whether to move. It is remembered after its answer, too. */
const moveQuestionSchema = v.object({
  /** The new office. */
  office: officeIdSchema,
  /** The office in which it was asked. */
  home: officeIdSchema,
  /** The computer of the person who asks. */
  from: nodeIdSchema,
  /** The person who asks, by their first computer. */
  by: nodeIdSchema,
  /** When it came, ms since the epoch by this computer's clock. */
  at: timeSchema,
  /** null: it is answered. */
  link: v.nullable(moveSchema.entries.link),
  /** The computers that are left behind. */
  without: moveSchema.entries.without,
});
export type MoveQuestion = v.InferOutput<typeof moveQuestionSchema>;
export const moveQuestionsSchema = v.pipe(v.array(moveQuestionSchema), v.maxLength(MAX_REMEMBERED));

/** The computers that are asked: those of these people, and the founder's others. */
export function computersAlong(
  { members }: Pick<Standing, 'members'>,
  founder: NodeId,
  people: ReadonlySet<NodeId>,
): readonly NodeId[] {
  const own = members.get(founder)?.person;
  return [...members.values()].flatMap(({ node, person }) =>
    node !== founder && (person === own || people.has(person)) ? [node] : [],
  );
}

/** The frame to each computer that is asked, over the links of the old office. */
export function moveFrame(
  link: string,
  { members }: Pick<Standing, 'members'>,
  founder: NodeId,
  along: readonly NodeId[],
): JoiningFrameOf<'move'> {
  const coming = new Set([founder, ...along]);
  const without = [...members.keys()].filter((node) => !coming.has(node));
  return { type: 'move', link, without: without.slice(0, MAX_REMOVED) };
}

/** The result of taking a question: it is new, it is known already, or it is ignored. */
type TakenMove =
  | { readonly kind: 'asked'; readonly questions: readonly MoveQuestion[] }
  | { readonly kind: 'known' }
  | { readonly kind: 'refused' };

/**
 * Takes a member's proposal to move. A person is asked once for each office, at most once a day by the same colleague, and at most a few
 * times at once. An answered question is not asked again.
 */
export function takeMove(
  questions: readonly MoveQuestion[],
  frame: JoiningFrameOf<'move'>,
  from: NodeId,
  office: { readonly id: OfficeId; readonly standing: Pick<Standing, 'members'> },
  nowMs: number,
): TakenMove {
  const by = office.standing.members.get(from)?.person;
  const to = officeOfMove(frame);
  if (by === undefined || to === undefined || to === office.id) return { kind: 'refused' };
  if (questions.some((one) => one.office === to)) return { kind: 'known' };
  const isRecent = ({ at }: MoveQuestion): boolean => Math.abs(nowMs - at) < DAY_MS;
  const waiting = questions.filter((one) => isRecent(one) || isOpenIn(one, office.id));
  if (waiting.some((one) => one.by === by) || waiting.length >= MAX_OPEN) return { kind: 'refused' };
  const { link, without } = frame;
  const question = { office: to, home: office.id, from, by, at: nowMs, link, without };
  return { kind: 'asked', questions: [...questions, question].slice(-MAX_REMEMBERED) };
}

/** Whether it waits for an answer, and its person is still in the office in which it was asked. */
export function isOpenIn({ home, link }: MoveQuestion, office: OfficeId): boolean {
  return home === office && link !== null;
}

/** The question to the person: the names of the founder and of those who are left behind; null: an unknown name. */
export function moveText(name: string | null, without: readonly (string | null)[]): LocalizedText {
  const known = without.filter((one) => one !== null).slice(0, MAX_NAMES);
  const more = without.length - known.length;
  const names = known.length === 0 ? null : known.join(', ');
  const others = more === 1 ? '1 other' : `${more} others`;
  const left = [...(names === null ? [] : [names]), ...(more === 0 ? [] : [others])].join(' and ');
  const sentence = `${name ?? 'A colleague'} has founded the office anew${left === '' ? '' : ` without ${left}`}. Move too?`;
  return localizedText('asked-to-move', sentence, { name, without: names, more });
}

/** The office of a proposal; undefined: its link is invalid. */
export function officeOfMove({ link }: JoiningFrameOf<'move'>): OfficeId | undefined {
  try {
    return readJoinLink(link).office;
  } catch (error) {
    if (error instanceof CorridorError) return undefined;
    throw error;
  }
}
