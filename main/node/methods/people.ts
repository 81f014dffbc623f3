import { DIAL_PLAN, phrasesOf } from '../../directory/index.ts';
import type { NodeId } from '../../model/index.ts';
import { effectOf, perform, previewOf } from '../dial-effects.ts';
import { noPerson, type Handlers, type NodeContext } from '../node-context.ts';

/** Who is there, and what a dialled string does. */
export function peopleMethods(
  node: NodeContext,
): Pick<Handlers, 'people' | 'setFavourite' | 'dialPlan' | 'dialPreview' | 'dial'> {
  const { roster, profile, identity } = node;
  return {
    people: () => node.views.people(),
    setFavourite: async ({ node: id, favourite }) => {
      const chosen = id as NodeId;
      if (favourite && (!roster.directory.get(chosen) || chosen === identity.nodeId)) {
        throw noPerson();
      }
      const others = profile.settings.favourites.filter((one) => one !== chosen);
      await profile.change({ favourites: favourite ? [...others, chosen] : others });
      node.changed();
      return node.views.people();
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
