import type {
  DeviceList,
  DialPreview,
  MessageSummary,
  Person,
  ColleaguePresence,
  RecipientStatus,
  SoundStatus,
  Status,
  Voices,
  TranscriptStatus,
} from '../../preload/api.ts';

/** Descriptions of a node's state for a terminal. Pure. */

const PRESENCE: Record<ColleaguePresence, string> = {
  available: 'available',
  busy: 'busy',
  dnd: 'do not disturb',
  away: 'away',
  offline: 'offline',
};

const RECIPIENT: Record<Exclude<RecipientStatus['state'], 'handed-on'>, string> = {
  hearing: 'hears you now',
  queued: 'is listening to somebody else; yours plays next',
  notified: 'is notified',
  waiting: 'not reached yet',
  received: 'has it',
  heard: 'heard it',
  read: 'read it',
  removed: 'is no longer in this office',
  gone: 'was away for months; it waits no longer',
  missed: 'did not hear it',
  refused: 'has no room for more of your messages',
};

const WAITS_FOR: Record<'you' | 'call', string> = {
  you: 'is listening to what you said before; yours plays next',
  call: 'is in a call; yours plays next',
};

/** Never more than is proven. */
function recipientState({ state, handedTo, waitsFor, isNotified, isPart }: RecipientStatus): string {
  if (state === 'queued' && waitsFor)
    return waitsFor.kind === 'voice'
      ? `is listening to ${waitsFor.name}; yours plays next`
      : WAITS_FOR[waitsFor.kind];
  if (state === 'received' && isNotified) return 'has it, and is notified';
  if (isPart) return 'heard it, and does not have all of it yet';
  return state === 'handed-on' ? `is diverted; it was handed on to ${handedTo}` : RECIPIENT[state];
}

/** The line on this person's divert. */
export function describeDivert({ divert }: Status): string {
  if (divert === null) return 'What is said to you reaches you.';
  return `What is said to you goes to ${divert.name} (${divert.extension}). To end that: corridor divert off`;
}

export function presenceWord(presence: ColleaguePresence): string {
  return PRESENCE[presence];
}

export function describeStatus(status: Status): string[] {
  if (!status.node) {
    return [
      'This computer is in no office yet.',
      ...moveLine(status),
      'Create one:  corridor setup --office new --name NAME',
      'Join one:    corridor setup --office LINK --name NAME   (a colleague’s `corridor link` prints LINK)',
    ];
  }
  const { node, endpoints } = status;
  return [
    `${node.name} · ${node.extension}, ${presenceWord(status.presence)}${status.presenceUntil === null ? '' : ` until ${clock(status.presenceUntil).slice(0, 5)}`}`,
    ...(status.divert ? [`diverted    to ${status.divert.name} (${status.divert.extension})`] : []),
    `switch      ${describeRole(status)}`,
    `unheard     ${status.unheard}`,
    ...(status.soundsAt === null
      ? []
      : [`sounds at   ${status.soundsAt}, your other computer: you used it last`]),
    `microphone  ${describeSound(status.microphone)}`,
    `speaker     ${describeSound(status.speaker)}`,
    ...(endpoints
      ? [
          `address     ${endpoints.address}, TCP ${endpoints.control}, UDP ${endpoints.beat} and ${endpoints.media}`,
        ]
      : []),
    ...moveLine(status),
    ...(status.moved ? [`moved       ${status.moved.sentence}`] : []),
    ...status.troubles.map(({ sentence }) => `trouble     ${sentence}`),
  ];
}

function moveLine({ moveAsked }: Status): string[] {
  return moveAsked ? [`move        ${moveAsked.sentence} corridor move, or: corridor stay`] : [];
}

export function describeRole(status: Status): string {
  switch (status.role) {
    case 'switch':
      return 'this computer';
    case 'member':
      return status.switch?.name || 'a colleague’s computer';
    case 'alone':
      return 'no colleague’s computer is seen';
    case 'none':
      return 'none';
  }
}

export function describeSound({ state, device, sentence }: SoundStatus): string {
  const name = device ?? 'the system’s default';
  if (sentence !== null) return sentence;
  return state === 'running' ? name : `${name} (${state})`;
}

export function describePeople(people: readonly Person[]): string[] {
  if (people.length === 0)
    return ['Nobody else is in this office yet. `corridor link` prints what a colleague joins with.'];
  return people.map(
    ({ name, extension, presence, speaking, favourite, divertedTo, ...person }) =>
      `${favourite ? '★' : ' '} ${extension.padEnd(7)} ${withDivert(name, divertedTo).padEnd(24)} ${presenceWord(presence)}${speaking ? ', talks to you' : ''}${describeOwnView(person)}`,
  );
}

/** What this person knows of a colleague, and chose for them. */
function describeOwnView({
  isNew,
  volume,
  mutedUntil,
  isAutoAnswered,
}: Pick<Person, 'isNew' | 'volume' | 'mutedUntil' | 'isAutoAnswered'>): string {
  const marks = [
    ...(isNew ? ['new: somebody else had this name'] : []),
    ...(volume === 100 ? [] : [`heard ${describeVolume(volume)}`]),
    ...(mutedUntil === null ? [] : [`muted until ${dayAndClock(mutedUntil)}`]),
    ...(isAutoAnswered ? ['calls answered by themselves'] : []),
  ];
  return marks.map((mark) => `, ${mark}`).join('');
}

function withDivert(name: string, to: Person['divertedTo']): string {
  return to === null ? name : `${name} → ${to.isMe ? 'you' : to.name}`;
}

/** What a dialled string can become by further keys, or what is similar to it: no sentence or one. */
export function describeAhead({ becomes, suggests }: DialPreview): string[] {
  const meant = becomes.length > 0 ? becomes : suggests;
  if (meant.length === 0) return [];
  const all = meant.map(({ dialled, name, row }) =>
    row ? `${row.pattern} (${row.explanation.replace(/\.$/, '')})` : `${dialled} ${name}`,
  );
  return [`${becomes.length > 0 ? 'It may become' : 'You may mean'} ${all.join(', ')}.`];
}

/** The end of the sentence `You hear Bo …`. */
export function describeVolume(percent: number): string {
  return percent === 100 ? 'as loud as they are' : `at ${percent} %`;
}

export function describeMessages(messages: readonly MessageSummary[]): string[] {
  if (messages.length === 0) return ['There are no messages.'];
  return messages.flatMap((message) => {
    const number = `#${message.number}`.padEnd(8);
    const way = message.direction === 'in' ? 'from' : 'to  ';
    const who = messageWho(message).padEnd(26);
    const spokenBy = message.forwardedFrom === null ? '' : `spoken by ${message.forwardedFrom}; `;
    const meant = message.meantFor === null ? '' : `for ${message.meantFor}; `;
    const override = !message.isOverride ? '' : message.page ? 'urgent page; ' : 'override; ';
    const text = message.words?.text ?? describeTranscript(message.transcript);
    const typed = text === '' ? [] : text.split('\n').map((line) => `${' '.repeat(14)}${line}`);
    return [
      `${number} ${way} ${who} ${clock(message.startedAt)}  ${lengthOf(message).padStart(7)}  ${meant}${override}${spokenBy}${messageState(message)}`,
      ...typed,
    ];
  });
}

/** What an engine understood, a guess with a mark; empty where there is nothing to say yet. */
export function describeTranscript(transcript: Pick<TranscriptStatus, 'text' | 'isUnsure'> | null): string {
  const text = transcript?.text ?? '';
  return text !== '' && transcript?.isUnsure ? `perhaps: ${text}` : text;
}

/** How long it is; of what has no voice that it is words. */
export function lengthOf({ words, durationMs }: MessageSummary): string {
  return words?.isAlone ? 'words' : seconds(durationMs);
}

/** The talker of a received message and its group, or the recipient of a sent one. */
export function messageWho({ direction, name, extension, group }: MessageSummary): string {
  return `${name} (${extension})${direction === 'in' && group ? ` to ${group.name}` : ''}`;
}

/** Never more than is proven. */
export function messageState(message: MessageSummary): string {
  if (message.live) return message.direction === 'in' ? 'is being spoken' : 'you talk';
  if (message.direction === 'in') {
    const handedOn = message.handedTo === null ? '' : `, handed on to ${message.handedTo}`;
    if (message.keyWanted) return `not to be played yet: ${message.keyWanted.sentence}`;
    return `${heardOrNot(message)}${handedOn}${missing(message)}`;
  }
  const recipients = message.recipients.map((one) => `${one.name} ${recipientState(one)}`).join(', ');
  const passes = message.page !== null && !message.page.isKept;
  const broken = message.isBrokenOff ? 'broken off; ' : '';
  const end =
    message.endsAt === null
      ? ''
      : `; waits until ${new Date(message.endsAt).toDateString()}: away for months`;
  return `${broken}${recipients || 'waits here'}; ${passes ? 'a page, kept for nobody' : storedOn(message.storedOn)}${end}`;
}

/** What of a received message is not here. */
function missing({ complete, isBrokenOff }: MessageSummary): string {
  if (isBrokenOff) return ', broken off';
  return complete ? '' : ', not all of it is here yet';
}

function heardOrNot({ heard, words }: MessageSummary): string {
  if (words?.isAlone) return heard ? 'read' : 'unread';
  return heard ? 'heard' : 'unheard';
}

/** The recipients of a message of this person, and how far it came. */
export function describeOutcome({ page, recipients, extension, storedOn: copies }: MessageSummary): string {
  const whom = describeRecipients(recipients) || extension;
  if (!page || page.isKept) return `${whom}; ${storedOn(copies)}`;
  const heard = recipients.filter(({ state }) => state === 'heard').length;
  return `${page.isToAll ? 'everybody: ' : ''}${whom}; heard by ${heard} of ${recipients.length}`;
}

export function storedOn(computers: number): string {
  if (computers === 0) return 'only on this computer yet';
  return `stored on ${computers} other ${computers === 1 ? 'computer' : 'computers'}`;
}

export function describeRecipients(recipients: readonly RecipientStatus[]): string {
  return recipients.map((one) => `${one.name} (${one.extension}) ${recipientState(one)}`).join(', ');
}

export function describeDevices({ microphones, speakers }: DeviceList): string[] {
  const list = (title: string, devices: DeviceList['microphones']): string[] => [
    title,
    ...(devices.length === 0
      ? ['  none']
      : devices.map(({ name, isDefault }) => `  ${name}${isDefault ? '  (default)' : ''}`)),
  ];
  return [...list('Microphones', microphones), ...list('Speakers', speakers)];
}

export function describeVoices({ voices, trouble }: Voices): string[] {
  const none = 'This computer has no voice, so what you type is sent as words. On Linux, install espeak-ng.';
  const lines = voices.map(({ id, name, language }) => `${language.padEnd(10)} ${id.padEnd(24)} ${name}`);
  return [...(lines.length > 0 ? lines : [none]), ...(trouble ? [trouble.sentence] : [])];
}

export function seconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(1)} s`;
}

export function clock(at: number): string {
  const time = new Date(at);
  const pad = (part: number): string => String(part).padStart(2, '0');
  return `${pad(time.getHours())}:${pad(time.getMinutes())}:${pad(time.getSeconds())}`;
}

/** The time of day, preceded by the day if that is not today. */
export function dayAndClock(at: number): string {
  const isToday = new Date(at).toDateString() === new Date().toDateString();
  return `${isToday ? '' : `${new Date(at).toDateString()}, `}${clock(at).slice(0, 5)}`;
}

/** What to do with the panel's address. */
export function describePanel(address: string): string[] {
  return [
    `panel       ${address}`,
    'Open it in a browser on this computer. It is good for one browser and one hour; another: corridor panel',
  ];
}
