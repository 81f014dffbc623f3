import type { Result } from '../../../preload/api.ts';
import { readWav } from '../../../native-audio/index.ts';
import type { Addressing, TypedWords } from '../../messages/index.ts';
import { plainText, SAMPLE_RATE_HZ, type KnownNode } from '../../model/index.ts';
import { choiceOf, peopleThemselves } from '../dial-effects.ts';
import { followed, labelsOf } from '../diverts.ts';
import { groupOf, refuseTooMany } from '../groups.ts';
import { paged } from '../paging.ts';
import { dialled, paging, pressTarget, type PressTarget } from '../press-target.ts';
import { PressOrder } from '../press-order.ts';
import { presetAt } from '../presets.ts';
import { noPerson, requireSetUp, type Checked, type Handlers, type NodeContext } from '../node-context.ts';
import { noDevice } from '../sound.ts';

/** Key down and key up. */
export function talkMethods(
  node: NodeContext,
): Pick<Handlers, 'talkPress' | 'talkRelease' | 'talkRecording' | 'talkText' | 'textPreview' | 'voices'> {
  const order = new PressOrder(node.clock);
  return {
    talkPress: ({ at, isHeld, ...whom }) => {
      order.pressed(at);
      return talk(node, pressTarget(node, whom), { isHeld });
    },
    talkRelease: ({ at }) => {
      order.released(at);
      return { id: node.messages.outgoing.release() ?? null };
    },
    talkRecording: ({ dial, page, wavBase64, isConfirmed }) => {
      const pcm = readWav(Buffer.from(wavBase64, 'base64'));
      const target =
        dial === undefined || page !== undefined
          ? paged(node, paging(node, dial), page, isConfirmed)
          : dialled(node, dial, isConfirmed);
      const { id } = talk(node, target, { pcm });
      return { id, durationMs: durationOf(pcm) };
    },
    talkText: (asked) => talkText(node, asked),
    textPreview: (asked) => textPreview(node, asked),
    voices: ({ again }) => node.ownVoice.voices(again),
  };
}

async function textPreview(node: NodeContext, asked: Checked<'textPreview'>): Promise<Result<'textPreview'>> {
  const { language = node.ownVoice.languageOf(await typed(node, asked)) } = asked;
  return { isSpoken: await node.ownVoice.speaks(language), language };
}

/** What was typed, or the sentence at hand. @throws CorridorError `no-preset` */
async function typed(
  { profile }: NodeContext,
  { text = '', preset }: Pick<Checked<'talkText'>, 'text' | 'preset'>,
): Promise<string> {
  return preset === undefined ? text : presetAt(profile.settings, preset);
}

/** The recipients are decided at once: a person who begins to speak while the voice is made does not get the words. */
async function talkText(
  node: NodeContext,
  { text, preset, language, ...whom }: Checked<'talkText'>,
): Promise<Result<'talkText'>> {
  const target = pressTarget(node, whom);
  const plain = plainText(await typed(node, { text, preset }));
  const sent = await sendText(node, target, plain, language);
  const { id, names, group, isSpoken } = sent;
  if (preset !== undefined)
    node.publish({
      ...{ type: 'preset-sent', id, isSpoken },
      names: group === null ? names : [group],
      text: plain,
    });
  return sent;
}

/** @param text as `plainText` returns it */
async function sendText(
  node: NodeContext,
  target: PressTarget,
  text: string,
  language: string | undefined,
): Promise<Result<'talkText'>> {
  const spokenIn = language ?? node.ownVoice.languageOf(text);
  const words = { text, language: spokenIn };
  const pcm = await node.ownVoice.speak(text, spokenIn);
  const present = stillMembers(node, target);
  if (!pcm) return { ...(await sendWords(node, present, words)), durationMs: 0, isSpoken: false, text };
  return { ...talk(node, present, { pcm, words }), durationMs: durationOf(pcm), isSpoken: true, text };
}

/** @throws CorridorError `no-person` where none of them is left */
function stillMembers(node: NodeContext, target: PressTarget): PressTarget {
  const recipients = target.recipients.flatMap(({ node: id }) => node.roster.directory.get(id) ?? []);
  if (recipients.length === 0) throw noPerson();
  return { ...target, recipients };
}

/** @param pcm 48 kHz mono */
function durationOf(pcm: Int16Array): number {
  return Math.round((1000 * pcm.length) / SAMPLE_RATE_HZ);
}

/** A talk that begins: with a recording, or into the microphone. */
interface How {
  /** 48 kHz mono, instead of the microphone. */
  readonly pcm?: Int16Array;
  /** The words that it says. */
  readonly words?: TypedWords;
  /** A key or a button is held while the person talks. */
  readonly isHeld?: boolean | undefined;
}

function talk(node: NodeContext, target: PressTarget, { pcm, words, isHeld }: How = {}): Result<'talkPress'> {
  const { microphone } = node.sound.state;
  if (!pcm && (microphone.state === 'missing' || microphone.state === 'failed')) {
    throw noDevice('no-microphone', microphone);
  }
  const { addressing, ...shown } = addressed(node, target);
  const said = { ...addressing, words };
  const { outgoing } = node.messages;
  const begun = target.isRecorded && !pcm ? outgoing.record(said) : outgoing.press(said, { pcm, isHeld });
  node.troubles.set('microphone', undefined);
  remember(node, target, addressing);
  return { ...shown, id: begun.id };
}

/** Sends words that have no voice. Nobody can hear them as a page is heard, so a page of words is kept. */
async function sendWords(
  node: NodeContext,
  target: PressTarget,
  words: TypedWords,
): Promise<Result<'talkPress'>> {
  const { addressing, ...shown } = addressed(node, target);
  const { page } = addressing;
  const kept = page ? { page: { ...page, isKept: true as const } } : {};
  const id = await node.messages.typed.send({ ...addressing, ...kept, words });
  remember(node, target, addressing);
  return { ...shown, id };
}

/** A page is for anybody who sits at the computer, and an override is for the person whom the question named: both ignore diverts. */
function isForThemselves({ isQuiet, isOverride, page, isDirect }: PressTarget): boolean {
  return isDirect ?? (isQuiet || isOverride === true || page !== undefined);
}

/** The header's address, and whom the person is shown. @throws CorridorError `not-set-up`, `too-many-recipients` */
function addressed(
  node: NodeContext,
  target: PressTarget,
): { readonly addressing: Addressing } & Omit<Result<'talkPress'>, 'id'> {
  const { recipients: dialled, isQuiet, isOverride, groups = [], page, meant } = target;
  const { extension: from } = requireSetUp(node);
  refuseTooMany(dialled);
  const isDirect = isForThemselves(target);
  const group = groupOf(groups, dialled);
  const to = (group && groups[0]?.extension) ?? dialled[0]?.extension ?? '';
  const reached = isDirect ? { nodes: dialled, diverted: [] } : followed(node.roster, dialled);
  const addressing = {
    ...{ recipients: reached.nodes, diverted: reached.diverted, from, to },
    ...(isQuiet && { isQuiet }),
    ...(isOverride && { isOverride }),
    ...(isDirect && { isDirect }),
    ...(group && { group }),
    ...(page && { page, meant }),
  };
  return { addressing, to, names: labelsOf(reached, node.roster.directory), group: group?.name ?? null };
}

/** The talk key reaches them from now on, and their answer reaches this person. */
function remember(node: NodeContext, target: PressTarget, { recipients }: Addressing): void {
  const { isQuiet, isOverride, groups = [], page, isChoice = !isQuiet && !isOverride && !page } = target;
  // A person whose extension somebody else has by now is reached by reply only.
  const isReached = ({ extension, person }: KnownNode): boolean =>
    node.roster.directory.resolve(extension)[0]?.person === person;
  const themselves = peopleThemselves({ recipients: target.recipients, groups });
  const choice = choiceOf({ recipients: target.recipients, groups });
  if (isChoice && choice.length > 0 && themselves.every(isReached))
    void node.profile.note({ talkTo: choice });
  // A page answers nobody, and does not teach by which names the person knows people.
  if (page) return;
  node.messages.replies.talked(recipients.map((recipient) => recipient.node));
  // A person who talks to a group need not look who is in it.
  for (const { person } of themselves) void node.known.know(person);
}
