import { tooMany } from '../../directory/index.ts';
import { CorridorError, MAX_DIALLED, tomorrowMorning, type NodeId } from '../../model/index.ts';
import { effectOf, perform } from '../dial-effects.ts';
import { previewOf } from '../dial-preview.ts';
import { chosenAs } from '../known-persons.ts';
import { groupChosenAs, reachGroup } from '../groups.ts';
import { timePast } from '../own-presence.ts';
import { colleagueOf, type Handlers, type NodeContext } from '../node-context.ts';
import type { ProfileSettings } from '../profile-fields.ts';
import { toggled } from '../toggled.ts';

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
  | 'dialPreview'
  | 'dial'
  | 'choose'
> {
  const { profile, known } = node;
  const colleague = (person: NodeId) => colleagueOf(node, person);
  return {
    people: () => node.views.people(),
    setFavourite: async ({ node: id, favourite }) => {
      const chosen = id as NodeId;
      if (favourite) colleague(chosen);
      await profile.change(({ favourites }) => ({ favourites: toggled(favourites, chosen, favourite) }));
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
      return node.views.people();
    },
    mute: async ({ person, until }) => {
      const { person: theirs } = colleague(person as NodeId);
      const now = node.clock.now();
      const at = until === 'tomorrow' ? tomorrowMorning(now) : until;
      if (at !== null && at <= now) throw timePast();
      if (at !== null) node.calls.refreshVoices(theirs);
      await node.personSound.mute(theirs, at);
      if (at !== null)
        await node.messages.turns.silence((talker) => node.session.peers.personOf(talker) === theirs);
      return node.views.people();
    },
    choose: async ({ person, group, isTicked, isAlone }) => {
      const isOther = (one: ProfileSettings['talkTo'][number]): boolean =>
        group === undefined ? one.person !== person : one.group !== group;
      const others = isAlone ? [] : profile.settings.talkTo.filter(isOther);
      const chosen = (): ProfileSettings['talkTo'] =>
        group === undefined ? [chosenAs(colleague(person as NodeId))] : chosenGroup(node, group);
      const talkTo = isTicked ? [...others, ...chosen()] : others;
      if (talkTo.length > MAX_DIALLED) {
        const { sentence, phrase } = tooMany(talkTo.length);
        throw new CorridorError('dial-too-many', sentence, { phrase });
      }
      // A person who chooses somebody does not answer anybody by that.
      node.messages.replies.close();
      await profile.note({ talkTo });
      node.changed();
      return node.views.status();
    },
    knowPerson: async ({ person }) => {
      await known.know(person as NodeId);
      node.changed();
      return node.views.people();
    },
    answerMoved: async ({ extension, talk }) => {
      await known.answer(extension, talk);
      node.changed();
      return node.views.status();
    },
    dialPreview: ({ dial }) => previewOf(node, dial),
    dial: async ({ dial }) => {
      const preview = previewOf(node, dial);
      await perform(node, effectOf(node, dial));
      return preview;
    },
  };
}

/** @throws CorridorError as `reachGroup`; `group-without-number` */
function chosenGroup(node: NodeContext, id: string): ProfileSettings['talkTo'] {
  const { group } = reachGroup(node, id);
  const chosen = groupChosenAs(group);
  if (chosen.length > 0) return chosen;
  const { name } = group;
  throw new CorridorError(
    'group-without-number',
    `${name} has no number any more, since somebody else has it. Give it another one first.`,
    { details: { name } },
  );
}
