import type { Arguments, MethodName, NodeApi, NodeEvent, PanelPart, TalkStatus } from '../../preload/api.ts';
import { AnswerKey } from './answer-key.ts';
import { isTalk, type DoneAtOnce, type KeyAction } from './key-bindings.ts';
import type { TalkTarget } from './talk-switch.ts';
import { TalkController } from './talk-controller.ts';
import type { TrayAction } from './tray-menu.ts';

const MINUTE_MS = 60_000;

interface CommandsOptions {
  readonly api: Pick<NodeApi, 'call'>;
  /** Opens the panel, at a part of it if one is given. */
  readonly open: (part?: PanelPart) => void;
  readonly quit: () => void;
  readonly failed: (error: unknown) => void;
  /** This talk began without a held key; null: it ended. */
  readonly announce: (talk: TalkStatus | null) => void;
  readonly log: (line: string) => void;
}

/** The commands that a person gives without a window: in the tray's menu, on a notification or with a key. */
export class Commands {
  readonly talking: TalkController;
  readonly #options: CommandsOptions;
  readonly #answerKey = new AnswerKey();
  /** The next talk has no held key: only a menu or a notification ends it. */
  #announces = false;
  #announced = false;

  constructor(options: CommandsOptions) {
    this.#options = options;
    const { api, log } = options;
    const failed = (error: unknown): void => {
      this.#announces = false;
      options.failed(error);
    };
    this.talking = new TalkController({ api, failed, log });
  }

  play(which: string): void {
    this.#call('play', { which });
  }

  callPerson(person: string): void {
    this.#call('startCall', { person });
  }

  /** A key goes down. An action that is no talk happens at once. */
  keyDown(action: KeyAction): void {
    if (isTalk(action)) this.talking.press(action);
    else this.#doAtOnce(action);
  }

  keyUp(action: KeyAction): void {
    if (isTalk(action)) this.talking.release(action);
  }

  /** A key whose release the system does not report. */
  keyTapped(action: KeyAction): void {
    if (isTalk(action)) this.talking.toggle(action);
    else this.#doAtOnce(action);
  }

  /** Begins a talk without a held key, or ends the current one. A notification says how to end it. */
  talk(target: TalkTarget): void {
    this.#announces = this.talking.toggle(target);
  }

  /** Does what the person chose in the tray's menu. */
  act(action: TrayAction): void {
    const { open, quit } = this.#options;
    switch (action.type) {
      case 'play':
        return this.play('next');
      case 'play-all':
        return this.#call('play', { which: 'next', all: true });
      case 'talk':
        return this.talk({ ...action, kind: 'person' });
      case 'page':
        return this.talk({ kind: 'page' });
      case 'reply':
        return this.talk({ kind: 'reply', message: action.message });
      case 'stop':
        return this.talking.stop();
      case 'end-divert':
        return this.#call('setDivert', { person: null });
      case 'presence': {
        const { presence, span } = action;
        if (span === undefined) return this.#call('setPresence', { presence });
        const until = span === 'tomorrow' ? span : Date.now() + span * MINUTE_MS;
        return this.#call('setPresence', { presence, until });
      }
      case 'call':
        return this.#call('controlCall', { id: action.id, action: action.action });
      case 'call-talker':
        return this.#call('startCall', { reply: action.message });
      case 'open':
        return open();
      case 'people':
      case 'settings':
      case 'requests':
        return open(action.type);
      case 'quit':
        return quit();
    }
  }

  /** Follows the node's events about talking and calls. */
  on(event: NodeEvent): void {
    if (event.type === 'talk') this.#onTalk(event.talk);
    else if (event.type === 'status') this.#answerKey.see(event.status.calls, performance.now());
  }

  #onTalk(talk: TalkStatus | null): void {
    this.talking.on(talk);
    if (!talk) {
      if (this.#announced) this.#options.announce(null);
      this.#announced = false;
    } else if (this.#announces || this.#announced) {
      this.#announces = false;
      this.#announced = true;
      this.#options.announce(talk);
    }
  }

  #doAtOnce(action: DoneAtOnce): void {
    if (action.kind === 'play-next') this.play('next');
    else if (action.kind === 'preset') this.#call('talkText', { preset: action.preset });
    else {
      const order = this.#answerKey.press(action.kind, performance.now());
      if (order) this.#call('controlCall', order);
    }
  }

  #call<M extends MethodName>(method: M, args: Arguments<M>): void {
    this.#options.api.call(method, args).catch((error: unknown) => this.#options.failed(error));
  }
}
