import type {
  Arguments,
  Caption,
  DialPreview,
  DialRow,
  Group,
  MessageSummary,
  NodeApi,
  NodeEvent,
  Person,
  PlaybackStatus,
  Settings,
  Status,
  TalkStatus,
} from '../preload/api.ts';
import { ArrivedWords, type ArrivedText } from './arrived-words.ts';
import { CallsState } from './calls-state.ts';
import { Clock } from './clock.svelte.ts';
import { overrideAskedBy, type OverrideAsked } from './override-asked.ts';
import { FlashState } from './flash-state.svelte.ts';
import { MessagesState } from './messages-state.svelte.ts';
import { PeopleState } from './people-state.svelte.ts';
import { PlaybackState } from './playback-state.svelte.ts';
import { RequestsState } from './requests-state.svelte.ts';
import { callable, spokenWith } from './spoken-with.ts';
import { sentence, strings, translated } from './strings/index.ts';
import { TypingState } from './typing-state.svelte.ts';
import { UndoState } from './undo-state.svelte.ts';
import { WaveformState } from './waveform-state.svelte.ts';

const ERROR_SHOWN_MS = 8000;
const HINT_SHOWN_MS = 8000;
const ANNOUNCEMENT_SHOWN_MS = 4000;
const UNDO_MS = 8000;
/** How many of the texts that came are in the part that a screen reader reads. */
const READ_OUT = 5;

/**
 * The state that the panel shows: the node's own answers, kept up to date by its events. The panel assumes nothing.
 * The API carries plain data: state is kept raw, as it came, and calls get their arguments by value.
 */
export class PanelState {
  readonly api: NodeApi;
  readonly messages: MessagesState;
  readonly office = new PeopleState();
  readonly waveforms: WaveformState;
  readonly playback: PlaybackState;
  readonly flash = new FlashState();
  readonly undo: UndoState;
  readonly requests: RequestsState;
  readonly clock: Clock;
  readonly calls: CallsState;
  readonly typing: TypingState;
  status = $state.raw<Status | null>(null);
  settings = $state.raw<Settings | null>(null);
  /** The dial plan of this office. */
  plan = $state.raw<readonly DialRow[]>([]);
  talk = $state.raw<TalkStatus | null>(null);
  /** The people who can be called: rows of people and of messages offer it for these alone. */
  readonly callable = $derived(callable({ people: this.people, status: this.status }));
  /** What is understood of what sounds; null: nothing is. */
  caption = $state.raw<Caption | null>(null);
  /** The people whom one click calls, because a message between them and this person goes on. */
  readonly spokenWith = $derived(
    spokenWith({ people: this.people, status: this.status, talk: this.talk, callable: this.callable }),
  );
  /** The next page is an urgent one. */
  pagesUrgently = $state(false);
  /** A press that waits until the person confirms that it overrides do not disturb. */
  overrideAsked = $state.raw<OverrideAsked | null>(null);
  /** The recovery code; null: there is none, or the person has stored it. */
  recoveryCode = $state<string | null>(null);
  /** 0 to 1, from the events; only level meters read them. */
  microphoneLevel = $state(0);
  speakerLevel = $state(0);
  /** Why the last action failed. */
  error = $state<string | null>(null);
  /** How what the person just did is done, for a moment: in the talk bar, where it moves nothing that they aim at. */
  hint = $state<string | null>(null);
  /** The last action that succeeded, where nothing else shows it. */
  announcement = $state<string | null>(null);
  /** What was typed or written down since the panel was opened, the newest last: a screen reader reads it out. */
  arrived = $state.raw<readonly ArrivedText[]>([]);
  readonly #arrivedWords = new ArrivedWords();
  readonly #endError = later(ERROR_SHOWN_MS, () => (this.error = null));
  readonly #endHint = later(HINT_SHOWN_MS, () => (this.hint = null));
  readonly #endAnnouncement = later(ANNOUNCEMENT_SHOWN_MS, () => (this.announcement = null));

  constructor(api: NodeApi) {
    this.api = api;
    const attempt = (work: () => Promise<unknown>): Promise<boolean> => this.try(work);
    this.messages = new MessagesState(api, attempt);
    this.waveforms = new WaveformState(api);
    this.playback = new PlaybackState(api, () => this.clock, attempt);
    this.undo = new UndoState(api, attempt);
    this.requests = new RequestsState(api, attempt);
    this.calls = new CallsState(api, attempt);
    this.typing = new TypingState(api, (to, text) => this.press(to, text));
    this.clock = new Clock(
      () =>
        this.talk !== null ||
        this.playback.status !== null ||
        this.messages.live ||
        this.status?.talkTo?.until != null ||
        (this.status?.calls.length ?? 0) > 0,
    );
    api.onEvent((event) => this.#onEvent(event));
    void this.refresh();
  }

  get people(): readonly Person[] {
    return this.office.list;
  }

  /** The sentences at hand, to send with one click. */
  get presets(): readonly string[] {
    return this.settings?.presets ?? strings.presets;
  }

  /** Whether a call to its talker is offered: they are speaking to this person, and can be called. */
  canCall({ live, direction, extension }: MessageSummary): boolean {
    const isTalker = live && direction === 'in';
    return isTalker && this.people.some((one) => one.extension === extension && this.callable.has(one.id));
  }

  /** Asks for everything once; from then on, events tell what changes. */
  async refresh(): Promise<void> {
    await this.try(async () => {
      const [status, people, groups, plan, pages, settings, recovery] = await Promise.all([
        this.api.call('status'),
        this.api.call('people'),
        this.api.call('groups'),
        this.api.call('dialPlan'),
        this.messages.latest(),
        this.api.call('settings'),
        this.api.call('recoveryCode'),
      ]);
      this.recoveryCode = recovery.code;
      this.#arrivedWords.shown(pages.messages);
      this.messages.replace(pages);
      this.office.list = people;
      this.office.groups = groups;
      this.plan = plan;
      this.settings = settings;
      this.#updatePlayback(status.playing);
      this.#updateTalk(status.talking);
      this.caption = status.caption;
      this.status = status;
    });
  }

  /** Does the work, and shows the sentence of a refusal. True: the work succeeded. */
  async try(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      this.fail(sentence(error));
      return false;
    }
  }

  /** The options of the next page. */
  get nextPage(): { readonly urgent?: true } {
    return this.pagesUrgently && this.status?.mayOverride === true ? { urgent: true } : {};
  }

  /** The press of a dialled string. If the string is a page, the next page's options apply. */
  dialling(dial: string, preview: DialPreview | null): Arguments<'talkPress'> {
    const isPage = preview?.kind === 'page' && preview.dialled === dial;
    return { dial, ...(isPage && { page: this.nextPage }) };
  }

  /**
   * Key down, or typed words. If it would override do not disturb, or page urgently, nothing begins, and the person is asked first.
   * @param text sent instead of a voice
   */
  async press(press: Arguments<'talkPress'>, text?: string): Promise<boolean> {
    this.error = null;
    try {
      await (text === undefined
        ? this.api.call('talkPress', press)
        : this.api.call('talkText', { ...press, text }));
      // Words without a voice are no talk, whose beginning would end the choice.
      if (text !== undefined && press.page?.urgent) this.pagesUrgently = false;
      return true;
    } catch (error) {
      const asked = overrideAskedBy(error, press, text);
      if (asked) this.overrideAsked = asked;
      else this.fail(sentence(error));
      return false;
    }
  }

  fail(why: string): void {
    this.error = why;
    this.#endError();
  }

  #showHint(how: string): void {
    this.hint = how;
    this.#endHint();
  }

  /** Shows for a moment that an action succeeded. */
  announce(what: string): void {
    this.announcement = what;
    this.#endAnnouncement();
  }

  /** Carries out what the person dialled: plays a message, or selects a person for the talk key. True: it succeeded. */
  async select(dial: string): Promise<boolean> {
    return this.try(async () => {
      const done = await this.api.call('dial', { dial });
      if (done.kind === 'nobody') throw new Error(translated(done));
      if (done.phrase.code === 'dial-type') {
        this.typing.open({
          message: () => ({ dial }),
          page: () => ({ dial, page: this.nextPage }),
          name: done.phrase.details.name,
        });
        return;
      }
      const person = this.people.find(({ extension }) => extension === done.extension);
      this.announce(person ? strings.talkTarget(person.name) : translated(done));
    });
  }

  /** Adds this person to those whom the talk key reaches, or removes them if they are among them. */
  async selectAlso({ id }: Person): Promise<void> {
    const isTicked = !this.status?.talkTo?.people.includes(id);
    await this.try(async () => {
      const { talkTo } = await this.api.call('choose', { person: id, isTicked });
      if (talkTo) this.announce(strings.talkTarget(talkTo.name));
    });
  }

  /** Selects this group alone for the talk key; `isAlso`: adds it to the selection, or removes it. */
  async selectGroup({ id }: Group, isAlso = false): Promise<void> {
    const isTicked = !isAlso || !this.status?.talkTo?.groups.includes(id);
    await this.try(async () => {
      const { talkTo } = await this.api.call('choose', { group: id, isTicked, isAlone: !isAlso });
      if (talkTo) this.announce(strings.talkTarget(talkTo.name));
    });
  }

  /** Fetches the recovery code: removing an admin makes a new one. */
  async lookForRecoveryCode(): Promise<void> {
    await this.try(async () => (this.recoveryCode = (await this.api.call('recoveryCode')).code));
  }

  /** The person has written the recovery code down. */
  async keepRecoveryCode(): Promise<void> {
    await this.try(
      async () => (this.recoveryCode = (await this.api.call('recoveryCode', { isKept: true })).code),
    );
  }

  /** Deletes a message; the person can undo this for a while. */
  async remove(message: MessageSummary): Promise<void> {
    await this.undo.delete(message, this.settings?.undoMs ?? UNDO_MS);
  }

  #onEvent(event: NodeEvent): void {
    switch (event.type) {
      case 'status':
        this.#updateStatus(event.status);
        break;
      case 'people':
        this.office.list = event.people;
        break;
      case 'groups':
        this.office.groups = event.groups;
        break;
      case 'dial-plan':
        this.plan = event.plan;
        // The typed text may mean something else by now.
        this.office.answer = null;
        break;
      case 'message':
        this.messages.put(event.message);
        this.#readOut(this.#arrivedWords.take(event.message));
        break;
      case 'message-gone':
        this.messages.remove(event.id);
        this.waveforms.forget(event.id);
        break;
      case 'talk':
        this.#updateTalk(event.talk);
        break;
      case 'flash':
        this.flash.take(event.flash);
        break;
      case 'hint':
        this.#showHint(translated(event));
        break;
      case 'preset-sent':
        this.messages.talked(event.id);
        this.announce(strings.wordsTo(event.text, event.names.join(', ')));
        break;
      case 'playback':
        this.#updatePlayback(event.playback);
        break;
      case 'caption':
        this.caption = event.caption;
        break;
      case 'level':
        this.microphoneLevel = event.microphone;
        this.speakerLevel = event.speaker;
        break;
      case 'settings':
        this.settings = event.settings;
        break;
      case 'requests':
        this.requests.list = event.requests.requests;
        break;
      case 'notification':
      case 'notification-done':
      case 'join-request':
      case 'move-asked':
      case 'sounding':
      case 'capturing':
      case 'sound-test':
        break;
    }
  }

  #readOut(text: ArrivedText | undefined): void {
    if (text) this.arrived = [...this.arrived, text].slice(-READ_OUT);
  }

  #updatePlayback(playback: PlaybackStatus | null): void {
    this.playback.update(playback);
    if (playback) void this.messages.know(playback.id);
  }

  #updateTalk(talk: TalkStatus | null): void {
    // What was wrong with an earlier press is over.
    if ((talk === null) !== (this.talk === null)) this.error = null;
    this.talk = talk;
    if (talk?.page?.isUrgent) this.pagesUrgently = false;
    if (talk) this.messages.talked(talk.id);
    else this.microphoneLevel = 0;
  }

  #updateStatus(status: Status): void {
    const before = this.status;
    this.status = status;
    this.clock.coarse = Date.now();
    this.#updateTalk(status.talking);
    const joined = before && (before.node?.id !== status.node?.id || before.state !== status.state);
    if (joined) void this.refresh();
  }
}

/** A function that has `task` done this many ms after its last call. */
function later(ms: number, task: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(task, ms);
  };
}
