import { Command } from 'commander';

declare module 'commander' {
  interface Command {
    /** Of Node's EventEmitter: by it a command tells the value of an option. Commander's types leave it out. */
    emit(event: string | symbol, ...values: unknown[]): boolean;
  }
}

/** An id or a statement’s id (22 or 43 characters of base64url) that begins like an option, as one in 64 does; a message’s only if an older version made it. */
const ID_LIKE_AN_OPTION = /^-[\w-]{21}(?:[\w-]{21})?$/;
/** No argument of a program can contain it. */
const HIDDEN = '\0';

/** A command that takes such an id for what it is, and not for an option. Its subcommands do, too. */
export class IdAwareCommand extends Command {
  override createCommand(name?: string): Command {
    return new IdAwareCommand(name);
  }

  override parseOptions(args: string[]): { operands: string[]; unknown: string[] } {
    const { operands, unknown } = super.parseOptions(
      args.map((arg) => (this.#isId(arg) ? HIDDEN + arg : arg)),
    );
    return { operands: operands.map(shown), unknown: unknown.map(shown) };
  }

  /** Tells the value of an option. */
  override emit(event: string | symbol, ...values: unknown[]): boolean {
    return super.emit(event, ...values.map((value) => (typeof value === 'string' ? shown(value) : value)));
  }

  #isId(arg: string): boolean {
    return ID_LIKE_AN_OPTION.test(arg) && !this.options.some(({ long }) => long === arg);
  }
}

function shown(arg: string): string {
  return arg.startsWith(HIDDEN) ? arg.slice(HIDDEN.length) : arg;
}
