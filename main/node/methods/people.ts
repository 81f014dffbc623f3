import { DIAL_PLAN, tooMany } from '../../directory/index.ts';
import {
  CorridorError,
  MAX_DIALLED,
  tomorrowMorning,
  type KnownNode,
  type NodeId,
} from '../../model/index.ts';
import { dialRowOf } from '../dial-ahead-view.ts';
import { effectOf, perform, previewOf } from '../dial-effects.ts';
import { chosenAs } from '../known-persons.ts';
import { timePast } from '../own-presence.ts';
import { noPerson, type Handlers, type NodeContext } from '../node-context.ts';

/** Who is there, and what a dialled string does. */
export function peopleMethods(
  node: NodeContext,
): Pick<
  Handlers,
  | 'people'
  | 'setDivert'
  | 'setFavourite'
  | 'setVolume'
  | 'mute'
  | 'knowPerson'
  | 'answerMoved'
  | 'dialPlan'
  | 'dialPreview'
  | 'dial'
  | 'choose'
> {
  const { profile, known } = node;
  /** @throws CorridorError where it is nobody else's */
  const colleague = (person: NodeId): KnownNode => {
    const [record] = known.nodesOf(person);
    if (!record || person === node.session.office?.ledger.self?.person) throw noPerson();
    return record;
  };
  return {
    people: () => node.views.people(),
    setFavourite: async ({ node: id, favourite }) => {
      const chosen = id as NodeId;
      if (favourite) colleague(chosen);
      const others = profile.settings.favourites.filter((one) => one !== chosen);
      await profile.change({ favourites: favourite ? [...others, chosen] : others });
      node.changed();
      return node.views.people();
    },
    setDivert: async ({ person }) => {
      await node.divert.choose(person === null ? null : colleague(person as NodeId).person);
      node.changed();
      return node.views.status();
    },
    setVolume: async ({ person, percent }) => {
      await node.personSound.setVolume(colleague(person as NodeId).person, percent);
      node.messages.gains.changed();
      node.calls.follow();
      return node.views.people();
    },
    mute: async ({ person, until }) => {
      const { person: theirs } = colleague(person as NodeId);
      const now = node.clock.now();
      const at = until === 'tomorrow' ? tomorrowMorning(now) : until;
      if (at !== null && at <= now) throw timePast();
      await node.personSound.mute(theirs, at);
      if (at !== null)
        await node.messages.turns.silence((talker) => node.session.peers.personOf(talker) === theirs);
      return node.views.people();
    },
    choose: async ({ person, isTicked }) => {
      const others = profile.settings.talkTo.filter((one) => one.person !== person);
      const talkTo = isTicked ? [...others, chosenAs(colleague(person as NodeId))] : others;
      if (talkTo.length > MAX_DIALLED) {
        const { sentence, phrase } = tooMany(talkTo.length);
        throw new CorridorError('dial-too-many', sentence, { phrase });
      }
      // Whoever chooses does not answer.
      node.messages.replies.close();
      await profile.note({ talkTo });
      node.changed();
      return node.views.status();
    },
    knowPerson: ({ person }) => {
      known.know(person as NodeId);
      node.changed();
      return node.views.people();
    },
    answerMoved: ({ extension, talk }) => {
      known.answer(extension, talk);
      node.changed();
      return node.views.status();
    },
    dialPlan: () => DIAL_PLAN.map(dialRowOf),
    dialPreview: ({ dial }) => previewOf(node, dial),
    dial: async ({ dial }) => {
      const preview = previewOf(node, dial);
      await perform(node, effectOf(node, dial));
      return preview;
    },
  };
}
