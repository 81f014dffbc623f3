import { createInterface } from 'node:readline/promises';
import type { JoinRequests, JoinRequestStatus, OfficeSeen, Status } from '../../preload/api.ts';
import type { RemoteNode } from '../transports/index.ts';
import { CorridorError } from '../model/index.ts';
import { checkExtension, checkName, checkRequest, checkTag } from './arguments.ts';
import { awaitEvent, awaitStatus, gone, interruption } from './await-event.ts';
import type { CommandMaking, Common } from './command-making.ts';
import { clock, describeStatus } from './describe.ts';
import { UsageError } from './exit.ts';
import type { Output } from './output.ts';

/** How long offices are searched on the LAN, ms. */
const LOOK_MS = 3_000;
/** A request lasts ten minutes, a comparison two, ms. */
const ANSWER_WITHIN_MS = 13 * 60_000;
const COMPARE_WITHIN_MS = 130_000;

/** The commands for asking to be let in, and for letting somebody in: both screens show the same six digits. */
export function joiningCommands({ command, ask }: CommandMaking): void {
  command('offices', 'the offices that are seen on this network').action((options: Common) =>
    ask(options, async (node, output) => {
      await node.call('offices');
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      const offices = await node.call('offices');
      output.give(offices);
      output.say(...describeOffices(offices));
    }),
  );

  command('join', 'ask an office to be let in; a colleague compares six digits with you')
    .requiredOption('--tag <tag>', 'of the office, such as 3f7a-91c2: corridor offices', checkTag)
    .requiredOption('--name <name>', 'your name', checkName)
    .option('--extension <number>', 'the extension that you would like', checkExtension)
    .action((options: Common & { tag: string; name: string; extension?: string }) => {
      if (!process.stdin.isTTY)
        throw new UsageError('You are asked whether the digits are the same: run it in a terminal.');
      return ask(options, (node, output) => join(node, output, options, confirm));
    });

  command('requests', 'who asks to be let in').action((options: Common) =>
    ask(options, async (node, output) => {
      const requests = await node.call('requests');
      output.give(requests);
      output.say(...describeRequests(requests));
    }),
  );

  command('show-requests', 'show requests to join on this computer for ten minutes; admins always see them')
    .option('--stop', 'show them no longer')
    .action((options: Common & { stop?: true }) =>
      ask(options, async (node, output) => {
        const requests = await node.call('letSomebodyIn', { isOpen: options.stop !== true });
        output.give(requests);
        output.say(...describeRequests(requests));
      }),
    );

  command('compare', 'show the six digits that the other screen should show')
    .argument('<id>', 'of the request, as `corridor requests` shows it', checkRequest)
    .action((id: string, options: Common) => ask(options, (node, output) => compare(node, output, id)));

  command('admit', 'let a computer in that shows the same digits')
    .argument('<id>', 'of the request', checkRequest)
    .option('--mine', 'it is a further computer of yours')
    .option('--person <id>', 'a person who comes back after all their computers were removed', checkRequest)
    .action((id: string, options: Common & { mine?: true; person?: string }) =>
      ask(options, async (node, output) => {
        const as = options.mine === true ? await ownPerson(node) : options.person;
        const requests = await node.call('admitRequest', { id, ...(as === undefined ? {} : { as }) });
        output.give(requests);
        output.say('The computer is a member now.');
      }),
    );

  command('decline', 'refuse a computer; it cannot ask again for an hour')
    .argument('<id>', 'of the request', checkRequest)
    .action((id: string, options: Common) =>
      ask(options, async (node, output) => {
        const requests = await node.call('declineRequest', { id });
        output.give(requests);
        output.say('The computer is refused. It cannot ask again for an hour.');
      }),
    );
}

/** @param confirm asks the person who sits here */
export async function join(
  node: Pick<RemoteNode, 'call' | 'onEvent' | 'closed'>,
  output: Output,
  { tag, name, extension }: { readonly tag: string; readonly name: string; readonly extension?: string },
  confirm: (question: string) => Promise<boolean>,
): Promise<void> {
  const { asked, stop } = interruption();
  try {
    const own = { tag, name, ...(extension === undefined ? {} : { extension }) };
    let status = await node.call('askToJoin', own);
    if (status.joining) {
      output.say('Asked. A colleague has to choose to compare digits with you; Ctrl+C ends it.');
      status = await Promise.race([nextStatus(node, ({ joining }) => joining?.digits !== null), asked]);
    }
    const digits = status.joining?.digits;
    if (digits) {
      output.give({ digits });
      output.say(`The digits here: ${spaced(digits)}`);
      const isSame = await Promise.race([
        confirm('Does your colleague’s screen show the same? [y/N] '),
        asked,
      ]);
      status = await node.call('answerDigits', { isSame });
      if (isSame) output.say('Now your colleague lets you in.');
      status = await Promise.race([nextStatus(node, ({ joining }) => joining === null), asked]);
    }
    const why = status.state === 'running' ? undefined : status.troubles.find(({ code }) => code === 'join');
    if (why) throw new CorridorError(why.code, why.sentence, { phrase: why.phrase });
    output.give(status);
    output.say(...describeStatus(status));
  } catch (error) {
    if (error instanceof CorridorError && error.code === 'interrupted') await node.call('stopJoining');
    throw error;
  } finally {
    stop();
  }
}

/** As `awaitStatus`. @throws CorridorError also `no-answer`, after the time */
async function nextStatus(
  node: Pick<RemoteNode, 'call' | 'onEvent' | 'closed'>,
  passes: (status: Status) => boolean,
): Promise<Status> {
  const status = await awaitStatus(node, ANSWER_WITHIN_MS, passes);
  if (!status) throw new CorridorError('no-answer', 'Nobody answered. Talk to a colleague, and try again.');
  return status;
}

async function compare(node: RemoteNode, output: Output, id: string): Promise<void> {
  const later = awaitEvent(node, COMPARE_WITHIN_MS, (event) => {
    if (event.type !== 'requests') return undefined;
    const found = event.requests.requests.find((one) => one.id === id);
    return !found || found.digits !== null ? { found } : undefined;
  });
  const now = (await node.call('compareRequest', { id })).requests.find((one) => one.id === id);
  const found = now?.digits == null ? (await Promise.race([later, gone(node)]))?.found : now;
  if (!found?.digits)
    throw new CorridorError('no-answer', 'The other computer did not come to compare. It may ask again.');
  output.give(found);
  output.say(
    `The digits here: ${spaced(found.digits)}`,
    `If the other screen shows the same:  corridor admit ${id}`,
    `If it does not:                      corridor decline ${id}`,
  );
}

/** Asks the person a question; everything but yes is no. */
async function confirm(question: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  // Ctrl+C at the question ends the command, as elsewhere.
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    return isYes(await lines.question(question));
  } finally {
    lines.close();
  }
}

export function isYes(answer: string): boolean {
  return ['y', 'yes'].includes(answer.trim().toLowerCase());
}

async function ownPerson(node: RemoteNode): Promise<string> {
  const { people } = await node.call('members');
  const own = people.find(({ isMe }) => isMe);
  if (!own) throw new UsageError('You are in no office.');
  return own.id;
}

function spaced(digits: string): string {
  return `${digits.slice(0, 3)} ${digits.slice(3)}`;
}

function describeOffices(offices: readonly OfficeSeen[]): string[] {
  if (offices.length === 0) return ['No office is seen on this network.'];
  return offices.map(({ tag, name }) => `${tag}  ${name ?? ''}`.trimEnd());
}

function describeRequests({ openUntil, requests }: JoinRequests): string[] {
  return [
    ...(openUntil === null ? [] : [`You see requests until ${clock(openUntil)}.`]),
    ...(requests.length === 0 ? ['Nobody asks to be let in.'] : requests.map(describeRequest)),
  ];
}

function describeRequest({ id, address, state, digits, untilMs }: JoinRequestStatus): string {
  const words = { waiting: 'waits', comparing: 'compares', agreed: 'says that the digits are the same' };
  return `${id}  ${address.padEnd(15)}  ${words[state]}${digits === null ? '' : `, ${spaced(digits)}`}, until ${clock(untilMs)}`;
}
