import type { FoundedAnew, PersonAlong } from '../../../preload/api.ts';
import { computersAlong, MAX_USES, moveFrame, type FoundingOptions } from '../../identity/index.ts';
import { changedCodesIn, keepDaysIn, type NodeId } from '../../model/index.ts';
import { proposeMove, type Office } from '../../office/index.ts';
import { noPerson, officeOf, requireSetUp, type Handlers, type NodeContext } from '../node-context.ts';

/** Founding the office anew, and following a colleague who did. */
export function movingMethods(node: NodeContext): Pick<Handlers, 'foundAnew' | 'answerMove'> {
  return {
    foundAnew: ({ along, officeName }) => foundAnew(node, new Set(along as NodeId[]), officeName),
    answerMove: async ({ office, isMoving }) => {
      const { moves, entry, profile } = node;
      const link = moves.linkTo(office);
      if (isMoving) {
        const ledger = node.session.office?.ledger;
        const own = ledger?.self && ledger.extensionOf(ledger.self.person);
        // A person who was removed meanwhile has no number here, and would like the one that they asked for.
        const extension = own ?? profile.settings.extension;
        // The wish holds after a restart, too.
        await profile.change({ extension });
        await entry.join(link, extension ?? undefined);
      }
      await moves.settle(office);
      node.changed();
      return node.views.status();
    },
  };
}

async function foundAnew(
  node: NodeContext,
  people: ReadonlySet<NodeId>,
  officeName: string | undefined,
): Promise<FoundedAnew> {
  const { entry, roster } = node;
  const { extension } = requireSetUp(node);
  const { ledger } = officeOf(node);
  const { standing } = ledger;
  if ([...people].some((person) => ledger.nodesOf(person).length === 0)) throw noPerson();
  const along = computersAlong(standing, roster.self, people);
  const shown = [...people]
    .filter((person) => person !== ledger.personOf(roster.self))
    .map((person) => ({ ...personAlong(node, person), nodes: ledger.nodesOf(person) }));
  const asked = new Set<NodeId>();
  const links: string[] = [];
  const propose = async (anew: Office): Promise<void> => {
    for (let from = 0; from === 0 || from < along.length; from += MAX_USES) {
      const to = along.slice(from, from + MAX_USES);
      const link = await anew.invitations.make({ uses: Math.max(1, to.length) });
      links.push(link);
      const frame = moveFrame(link, standing, roster.self, along);
      for (const one of await proposeMove(node, { office: anew.ledger.id, frame, to })) asked.add(one);
    }
  };
  await entry.found(wishOf(standing.settings, officeName), extension === '' ? undefined : extension, propose);
  const isAsked = ({ nodes }: (typeof shown)[number]): boolean => nodes.some((one) => asked.has(one));
  const withoutNodes = ({ nodes: _, ...person }: (typeof shown)[number]): PersonAlong => person;
  return {
    asked: shown.filter(isAsked).map(withoutNodes),
    missed: shown.filter((person) => !isAsked(person)).map(withoutNodes),
    link: links[0] ?? '',
  };
}

/** The new office has the name of the present one, unless another is given. */
function wishOf(settings: ReadonlyMap<string, string>, officeName: string | undefined): FoundingOptions {
  return {
    name: officeName ?? settings.get('name') ?? '',
    admit: settings.get('admit') === 'admins' ? 'admins' : 'members',
    codes: changedCodesIn(settings),
    isAnnounced: settings.get('announced') !== 'no',
    keepDays: keepDaysIn(settings),
  };
}

function personAlong({ session, roster }: NodeContext, person: NodeId): PersonAlong {
  return {
    id: person,
    name: roster.directory.nameOfPerson(person) ?? null,
    extension: session.office?.ledger.extensionOf(person) ?? null,
  };
}
