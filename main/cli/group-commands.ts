import type { Arguments, Group, MemberPerson } from '../../preload/api.ts';
import type { RemoteNode } from '../transports/index.ts';
import { checkExtension, checkExtensions, checkGroupName } from './arguments.ts';
import type { CommandMaking, Common } from './command-making.ts';
import { describeGroups } from './describe-groups.ts';
import { UsageError } from './exit.ts';

interface Rights {
  readonly talk?: Group['talk'];
  readonly change?: Group['change'];
}

const GROUP = 'its number, or its name';

/** The commands for groups: people who are talked to by one number. */
export function groupCommands({ command, within, ask }: CommandMaking): void {
  const groups = command('groups', 'the groups that there are; its own commands make and change them')
    // Options after a subcommand belong to the subcommand.
    .enablePositionalOptions()
    .action((options: Common) =>
      ask(options, async (node, output) => {
        const list = await node.call('groups');
        output.give(list);
        output.say(...describeGroups(list, await peopleOf(node)));
      }),
    );
  const sub = (usage: string, description: string) => within(groups, usage, description);
  const change = (
    options: Common,
    number: string,
    what: (node: RemoteNode) => Promise<Omit<Arguments<'changeGroup'>, 'group'>>,
  ) =>
    ask(options, async (node, output) => {
      const { id } = await groupWith(node, number);
      const group = await node.call('changeGroup', { group: id, ...(await what(node)) });
      output.give(group);
      output.say(...describeGroups([group], await peopleOf(node)));
    });

  sub('create', 'make a group')
    .argument('<number>', 'the number that it gets, such as 600', checkExtension)
    .argument('<name>', 'what it is called', checkGroupName)
    .option('--members <extensions>', 'who is in it, such as 204,205', checkExtensions)
    .option('--talk <who>', 'who may talk to it: everybody, or members (everybody)', checkTalk)
    .option(
      '--change <who>',
      'who may change it besides you and admins: nobody, or members (nobody)',
      checkChange,
    )
    .action((extension: string, name: string, options: Common & Rights & { members?: readonly string[] }) =>
      ask(options, async (node, output) => {
        const people = await idsOf(node, options.members ?? []);
        const group = await node.call('makeGroup', { name, extension, people, ...rightsIn(options) });
        output.give(group);
        output.say(...describeGroups([group], await peopleOf(node)));
      }),
    );
  sub('add', 'put people into a group')
    .argument('<group>', GROUP)
    .argument('<extensions>', 'who, such as 204,205', checkExtensions)
    .action((number: string, extensions: readonly string[], options: Common) =>
      change(options, number, async (node) => ({ add: await idsOf(node, extensions) })),
    );
  sub('remove', 'take people out of a group; everybody takes themselves out')
    .argument('<group>', GROUP)
    .argument('<extensions>', 'who, such as 204,205', checkExtensions)
    .action((number: string, extensions: readonly string[], options: Common) =>
      change(options, number, async (node) => ({ remove: await idsOf(node, extensions) })),
    );
  sub('rename', 'give a group another name')
    .argument('<group>', GROUP)
    .argument('<name>', 'what it is called from now on', checkGroupName)
    .action((number: string, name: string, options: Common) =>
      change(options, number, () => Promise.resolve({ name })),
    );
  sub('number', 'give a group another number')
    .argument('<group>', GROUP)
    .argument('<new>', 'the number that reaches it from now on', checkExtension)
    .action((number: string, extension: string, options: Common) =>
      change(options, number, () => Promise.resolve({ extension })),
    );
  sub('rights', 'say who may talk to a group and who may change it')
    .argument('<group>', GROUP)
    .option('--talk <who>', 'everybody, or members', checkTalk)
    .option(
      '--change <who>',
      'who may change it besides its creator and admins: nobody, or members',
      checkChange,
    )
    .action((number: string, options: Common & Rights) => {
      if (options.talk === undefined && options.change === undefined)
        throw new UsageError('Give --talk or --change, or both.');
      return change(options, number, () => Promise.resolve(rightsIn(options)));
    });
  sub('end', 'delete a group; what was said to it stays')
    .argument('<group>', GROUP)
    .action((which: string, options: Common) =>
      ask(options, async (node, output) => {
        const { id, name, extension } = await groupWith(node, which);
        output.give(await node.call('endGroup', { group: id }));
        output.say(extension === null ? `${name} is gone.` : `${name} is gone, and ${extension} is free.`);
      }),
    );
}

function rightsIn({ talk, change }: Rights): Rights {
  return { ...(talk && { talk }), ...(change && { change }) };
}

function checkTalk(text: string): Group['talk'] {
  if (text === 'everybody' || text === 'members') return text;
  throw new UsageError('--talk must be everybody or members.');
}

function checkChange(text: string): Group['change'] {
  if (text === 'members') return text;
  if (text === 'nobody') return 'creator';
  throw new UsageError('--change must be nobody or members.');
}

/** Everybody in the office, including this person. */
async function peopleOf(node: RemoteNode): Promise<readonly MemberPerson[]> {
  return (await node.call('members')).people;
}

async function idsOf(node: RemoteNode, extensions: readonly string[]): Promise<string[]> {
  const people = await peopleOf(node);
  return extensions.map((extension) => {
    const person = people.find((one) => one.extension === extension);
    if (person) return person.id;
    throw new UsageError(`Nobody has extension ${extension}. See: corridor members`);
  });
}

/** Finds a group by its number, its name, or its id. */
async function groupWith(node: RemoteNode, which: string): Promise<Group> {
  const groups = await node.call('groups');
  const numbered = groups.find(({ extension, id }) => extension === which.trim() || id === which);
  if (numbered) return numbered;
  const wanted = which.trim().toLowerCase();
  const [named, ...others] = groups.filter(({ name }) => name.toLowerCase() === wanted);
  if (named && others.length === 0) return named;
  const why = named ? `Several groups are called ${which}: say its number.` : `There is no group ${which}.`;
  throw new UsageError(`${why} See: corridor groups`);
}
