import type {
  DialRow,
  Group,
  MessageSummary,
  NodeApi,
  NodeEvent,
  Person,
  Status,
  TalkStatus,
} from '../../preload/api.ts';
import {
  clock,
  describeRecipients,
  describeRole,
  describeSound,
  lengthOf,
  messageState,
  messageWho,
  presenceWord,
} from './describe.ts';
import { CaptionPhrases } from './describe-caption.ts';
import { exchangeChanges } from './describe-exchange.ts';

/** Describes a node's events: one line for each change that matters, and none for other events. */
export class Narrator {
  #status: Status | null;
  #people = new Map<string, Person>();
  #groups: Map<string, Group> | undefined;
  #codes: Map<string, string> | undefined;
  #messages = new Map<string, string>();
  readonly #captions = new CaptionPhrases();
  #recipients = '';

  /** The known state, which needs no line. */
  constructor(
    status: Status | null = null,
    people: readonly Person[] = [],
    groups?: readonly Group[],
    plan?: readonly DialRow[],
  ) {
    this.#status = status;
    for (const person of people) this.#people.set(person.id, person);
    if (groups) this.#groupLines(groups);
    if (plan) this.#codeLines(plan);
  }

  /** Makes a narrator that knows the node's present state. */
  static async of(node: Pick<NodeApi, 'call'>): Promise<Narrator> {
    const [status, people] = [await node.call('status'), await node.call('people')];
    return new Narrator(status, people, await node.call('groups'), await node.call('dialPlan'));
  }

  lines(event: NodeEvent): string[] {
    return this.#describe(event).map((line) => `${clock(event.at)}  ${line}`);
  }

  #describe(event: NodeEvent): string[] {
    switch (event.type) {
      case 'status':
        return this.#statusLines(event.status);
      case 'people':
        return this.#peopleLines(event.people);
      case 'groups':
        return this.#groupLines(event.groups);
      case 'dial-plan':
        return this.#codeLines(event.plan);
      case 'message':
        return this.#messageLines(event.message);
      case 'talk':
        return this.#talkLines(event.talk);
      case 'message-gone':
        return this.#messages.delete(event.id) ? ['a message was deleted'] : [];
      case 'notification':
        return [notificationLine(event)];
      case 'join-request':
        return [`a computer at ${event.address} asks to be let in: corridor compare ${event.id}`];
      case 'move-asked':
        return [`${event.sentence} corridor move, or: corridor stay`];
      case 'sounding':
        return [event.live ? 'you hear it live' : 'you hear a message'];
      case 'capturing':
        return ['the microphone listens'];
      case 'hint':
        return [event.sentence];
      case 'preset-sent':
        return [`“${event.text}” goes to ${event.names.join(', ')}`];
      case 'playback':
        return event.playback === null ? ['playing ended'] : [];
      case 'caption':
        return this.#captions.lines(event.caption);
      case 'notification-done':
      case 'flash':
      case 'level':
      case 'sound-test':
      case 'settings':
      case 'requests':
        return [];
    }
  }

  #statusLines(status: Status): string[] {
    const before = this.#status;
    this.#status = status;
    const lines: string[] = [];
    if (status.node && describeRole(status) !== (before && describeRole(before))) {
      lines.push(
        `the switch is ${describeRole(status)}`.replace('the switch is no colleague', 'no colleague'),
      );
    }
    for (const kind of ['microphone', 'speaker'] as const) {
      const { sentence } = status[kind];
      const sentenceBefore = before?.[kind].sentence ?? null;
      if (sentence !== null && sentence !== sentenceBefore) lines.push(`${kind}: ${sentence}`);
      if (sentence === null && sentenceBefore !== null) lines.push(`${kind}: ${describeSound(status[kind])}`);
    }
    lines.push(...exchangeChanges(status, before));
    for (const { code, sentence } of status.troubles) {
      if (!before?.troubles.some((known) => known.code === code && known.sentence === sentence)) {
        lines.push(`trouble: ${sentence}`);
      }
    }
    for (const { code } of before?.troubles ?? []) {
      if (!status.troubles.some((now) => now.code === code)) lines.push(`no longer: ${code}`);
    }
    return lines;
  }

  #peopleLines(people: readonly Person[]): string[] {
    const before = this.#people;
    this.#people = new Map(people.map((person) => [person.id, person]));
    const lines: string[] = [];
    for (const person of people) {
      const known = before.get(person.id);
      const who = `${person.name} (${person.extension})`;
      if (!known || known.presence !== person.presence)
        lines.push(`${who} is ${presenceWord(person.presence)}`);
      if (person.speaking && !known?.speaking) lines.push(`${who} talks to you`);
      const to = person.divertedTo;
      if (to && to.id !== known?.divertedTo?.id)
        lines.push(`what is said to ${who} goes to ${to.isMe ? 'you' : to.name}`);
      if (known?.divertedTo && !to) lines.push(`what is said to ${who} reaches them again`);
    }
    return lines;
  }

  /** Lines for changed groups. */
  #groupLines(groups: readonly Group[]): string[] {
    const before = this.#groups;
    this.#groups = new Map(groups.map((group) => [group.id, group]));
    if (!before) return [];
    const made = groups.flatMap(({ id, name, extension }) => {
      const known = before.get(id);
      if (!known) return [`there is a group ${name} (${extension ?? '—'})`];
      if (known.name !== name) return [`the group ${known.name} is called ${name}`];
      return known.extension === extension ? [] : [`the group ${name} has the number ${extension ?? '—'}`];
    });
    const gone = [...before.values()].filter(({ id }) => !this.#groups?.has(id));
    return [...made, ...gone.map(({ name }) => `the group ${name} is gone`)];
  }

  /** Lines for changed codes. */
  #codeLines(plan: readonly DialRow[]): string[] {
    const before = this.#codes;
    this.#codes = new Map(plan.map(({ name, code }) => [name, code]));
    if (!before) return [];
    return plan.flatMap(({ name, code, pattern, explanation }) =>
      before.get(name) === code ? [] : [`the code of ${name} is ${code} now. ${pattern}: ${explanation}`],
    );
  }

  #messageLines(message: MessageSummary): string[] {
    if (message.live) return [];
    const way = message.direction === 'in' ? 'from' : 'to';
    const line = `message #${message.number} ${way} ${messageWho(message)}, ${lengthOf(message)}: ${messageState(message)}`;
    if (this.#messages.get(message.id) === line) return [];
    this.#messages.set(message.id, line);
    return [line];
  }

  #talkLines(talk: TalkStatus | null): string[] {
    const recipients = !talk
      ? ''
      : talk.page?.isRecording
        ? 'a page is recorded, and sent at the end'
        : describeRecipients(talk.recipients);
    if (recipients === this.#recipients) return [];
    this.#recipients = recipients;
    return recipients === '' ? [] : [`${talkVerb(talk)}: ${recipients}`];
  }
}

function talkVerb(talk: TalkStatus | null): string {
  if (!talk?.page) return 'you talk';
  return talk.page.isUrgent ? 'you page urgently' : 'you page';
}

/** A message that is not heard as it is spoken. */
function notificationLine(event: Extract<NodeEvent, { type: 'notification' }>): string {
  const { name, extension, group, meantFor, number, page, words } = event;
  const whom = group ?? 'you';
  const does = page ? `pages ${whom}${page.isUrgent ? ' urgently' : ''}` : `is talking to ${whom}`;
  const meant = meantFor === null ? '' : `, for ${meantFor}`;
  const said = words === null ? '' : `: “${words}”`;
  return `${name} (${extension}) ${does}${meant}${said} — #${number}: corridor play ${number}`;
}
