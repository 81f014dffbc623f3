import { DIAL_PLAN, phrasesOf } from '../../directory/index.ts';
import type { NodeId } from '../../model/index.ts';
import { effectOf, perform, previewOf } from '../dial-effects.ts';
import { noPerson, type Handlers, type NodeContext } from '../node-context.ts';

/** Who is there, and what a dialled string does. */
export function peopleMethods(
  node: NodeContext,
): Pick<
  Handlers,
  'people' | 'setFavourite' | 'knowPerson' | 'answerMoved' | 'dialPlan' | 'dialPreview' | 'dial'
> {
  const { profile, known } = node;
  return {
    people: () => node.views.people(),
    setFavourite: async ({ node: id, favourite }) => {
      const chosen = id as NodeId;
      const ledger = node.session.office?.ledger;
      const isColleague = chosen !== ledger?.self?.person && known.nodesOf(chosen).length > 0;
      if (favourite && !isColleague) {
        throw noPerson();
      }
      const others = profile.settings.favourites.filter((one) => one !== chosen);
      await profile.change({ favourites: favourite ? [...others, chosen] : others });
      node.changed();
      return node.views.people();
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
    dialPlan: () =>
      DIAL_PLAN.map((rule) => ({
        pattern: rule.dialled,
        explanation: rule.sentence,
        phrases: phrasesOf(rule),
      })),
    dialPreview: ({ dial }) => previewOf(node, dial),
    dial: async ({ dial }) => {
      const preview = previewOf(node, dial);
      await perform(node, effectOf(node, dial));
      return preview;
    },
  };
}
