import { Argument } from 'commander';
import {
  RIGHTS,
  type InvitationStatus,
  type MemberPerson,
  type Members,
  type RemovalStatus,
  type Right,
} from '../../preload/api.ts';
import type { RemoteNode } from '../transports/index.ts';
import { checkExtension, checkInvite, checkRemoval } from './arguments.ts';
import type { CommandMaking, Common } from './command-making.ts';
import { describeStatus } from './describe.ts';
import { UsageError } from './exit.ts';
import { sayRecoveryCode } from './say-recovery-code.ts';

/** The commands for the office itself: members, invitations, removals. */
export function memberCommands({ command, ask }: CommandMaking): void {
  command('members', 'who is in the office, and who let them in').action((options: Common) =>
    ask(options, async (node, output) => {
      const members = await node.call('members');
      output.give(members);
      output.say(...describeMembers(members));
    }),
  );

  command('invite', 'print a link by which colleagues come in')
    .option('--days <number>', 'for how long it holds (7)', checkInvite('days'))
    .option('--uses <number>', 'how many computers come in by it (20)', checkInvite('uses'))
    .action((options: Common & { days?: number; uses?: number }) =>
      ask(options, async (node, output) => {
        const { days, uses } = options;
        const invitation = await node.call('invite', {
          ...(days === undefined ? {} : { days }),
          ...(uses === undefined ? {} : { uses }),
        });
        output.give(invitation);
        output.say(invitation.link ?? '', describeInvitation(invitation));
      }),
    );

  command('invitations', 'the links that were made, and whether they still hold').action((options: Common) =>
    ask(options, async (node, output) => {
      const invitations = await node.call('invitations');
      output.give(invitations);
      if (invitations.length === 0) output.say('There are no invitations. `corridor invite` makes one.');
      output.say(...invitations.map((one) => `${one.id}  ${describeInvitation(one)}`));
      if (invitations.some(({ isAnewOffered }) => isAnewOffered))
        output.say('A removal ended a link of yours. A new one: corridor invite-anew ID');
    }),
  );

  command('invite-anew', 'print a new link in place of one that a removal ended')
    .argument('<id>', 'of the invitation, as `corridor invitations` shows it')
    .action((id: string, options: Common) =>
      ask(options, async (node, output) => {
        const invitation = await node.call('inviteAnew', { id });
        output.give(invitation);
        output.say(invitation.link ?? '', describeInvitation(invitation));
      }),
    );

  command('withdraw', 'end an invitation')
    .argument('<id>', 'of the invitation, as `corridor invitations` shows it')
    .action((id: string, options: Common) =>
      ask(options, async (node, output) => {
        const invitations = await node.call('withdrawInvitation', { id });
        output.give(invitations);
        output.say('Nobody comes in by this invitation any more.');
      }),
    );

  command('make-admin', 'make a person an admin, who decides who is in the office')
    .argument('<extension>', 'their extension', checkExtension)
    .action((extension: string, options: Common) =>
      ask(options, async (node, output) => {
        const { id } = await personWith(node, extension);
        const members = await node.call('makeAdmin', { person: id });
        output.give(members);
        output.say(...describeMembers(members));
      }),
    );

  command('grant', 'let a person do something, such as override do not disturb')
    .argument('<extension>', 'their extension', checkExtension)
    .addArgument(new Argument('<right>', 'what they may do').choices(RIGHTS))
    .option('--off', 'no more')
    .action((extension: string, right: Right, options: Common & { off?: true }) =>
      ask(options, async (node, output) => {
        const { id } = await personWith(node, extension);
        const members = await node.call('setRight', { person: id, right, isGiven: options.off !== true });
        output.give(members);
        output.say(...describeMembers(members));
      }),
    );

  command('vouch', 'say that a person who is to be checked belongs here')
    .argument('<extension>', 'their extension', checkExtension)
    .action((extension: string, options: Common) =>
      ask(options, async (node, output) => {
        const { id } = await personWith(node, extension);
        const members = await node.call('vouch', { person: id });
        output.give(members);
        output.say(...describeMembers(members));
      }),
    );

  command('remove', 'take a person out of the office')
    .argument('<extension>', 'their extension', checkExtension)
    .option('--computer <id>', 'only this computer of theirs, such as a laptop that was lost')
    .action((extension: string, options: Common & { computer?: string }) =>
      ask(options, async (node, output) => {
        const { computers } = await personWith(node, extension);
        const nodes = computers.map(({ id }) => id).filter((id) => id === (options.computer ?? id));
        if (nodes.length === 0) throw new UsageError(`${extension} has no computer ${options.computer}.`);
        const members = await node.call('removeMembers', { nodes });
        output.give(members);
        output.say(...describeMembers(members));
        await sayRecoveryCode(node, (line) => output.say(line));
      }),
    );

  command('restore', 'take a removal back: the people whom it named are in the office again')
    .argument('<id>', 'of the removal, as `corridor members` shows it', checkRemoval)
    .action((removal: string, options: Common) =>
      ask(options, async (node, output) => {
        const members = await node.call('takeBack', { removal });
        output.give(members);
        output.say(...describeMembers(members));
      }),
    );

  command('leave', 'take yourself out of the office').action((options: Common) =>
    ask(options, async (node, output) => {
      const status = await node.call('leaveOffice');
      output.give(status);
      output.say(...describeStatus(status));
    }),
  );

  command('recovery-code', 'print the code that makes an admin if all are gone')
    .option('--kept', 'you have written it down: it is shown no more')
    .option('--new', 'make one, such as after an admin left and took the last one along')
    .action((options: Common & { kept?: true; new?: true }) =>
      ask(options, async (node, output) => {
        if (options.new) await node.call('makeRecoveryCode');
        const { code } = await node.call('recoveryCode', { isKept: options.kept === true });
        output.give({ code });
        output.say(code ?? 'No code is kept here.');
      }),
    );

  command('recover', 'become an admin by the recovery code')
    .argument('<code>', 'six groups of five characters')
    .option('--lost <extension...>', 'the admins who are lost and are removed (those who are offline)')
    .action((code: string, options: Common & { lost?: readonly string[] }) =>
      ask(options, async (node, output) => {
        const lost = options.lost && (await Promise.all(options.lost.map((one) => personWith(node, one))));
        const nodes = lost?.flatMap(({ computers }) => computers.map(({ id }) => id));
        const members = await node.call('recover', { code, ...(nodes ? { lost: nodes } : {}) });
        output.give(members);
        output.say(...describeMembers(members));
        await sayRecoveryCode(node, (line) => output.say(line));
      }),
    );
}

async function personWith(node: RemoteNode, extension: string): Promise<MemberPerson> {
  const { people } = await node.call('members');
  const person = people.find((one) => one.extension === extension);
  if (person) return person;
  throw new UsageError(`Nobody has extension ${extension}. See: corridor members`);
}

function describeMembers({ office, people, removals }: Members): string[] {
  return [
    `${office.name} · ${office.tag}, ${office.admit === 'members' ? 'every member lets people in' : 'only admins let people in'}`,
    ...people.flatMap((person) => [
      `${(person.extension ?? '—').padEnd(7)} ${(person.name ?? 'not met yet').padEnd(24)} ${rolesOf(person).join(', ')}`.trimEnd(),
      ...(person.computers.length < 2
        ? []
        : person.computers.map(({ id, name, online }) =>
            `          ${id} ${online ? 'online ' : 'offline'} ${name ?? ''}`.trimEnd(),
          )),
    ]),
    ...removals.map(describeRemoval),
  ];
}

function describeRemoval({ id, people, by, mayTakeBack }: RemovalStatus): string {
  const names = people.map(({ name, isIn }) =>
    isIn ? `a computer of ${name}` : (name ?? 'somebody unknown'),
  );
  const how = mayTakeBack ? `; corridor restore ${id}` : '';
  return `removed ${names.join(', ')}, by ${by ?? 'somebody who is gone'}${how}`;
}

function rolesOf({ isMe, isAdmin, rights, isToCheck, letInBy, since }: MemberPerson): string[] {
  return [
    ...(isMe ? ['you'] : []),
    ...(isAdmin ? ['admin'] : []),
    ...(rights.includes('override') ? ['may override do not disturb'] : []),
    ...(isToCheck ? ['to be checked: corridor vouch, or corridor remove'] : []),
    ...(letInBy === null ? [] : [`let in by ${letInBy}`]),
    ...(since === null ? [] : [`since ${new Date(since).toDateString()}`]),
  ];
}

function describeInvitation({ why, until, used, uses, by }: InvitationStatus): string {
  const count = `${used} of ${uses} used`;
  const maker = by === null ? '' : `, made by ${by}`;
  return why === null
    ? `holds until ${new Date(until).toDateString()}, ${count}${maker}`
    : `${why} (${count}${maker})`;
}
