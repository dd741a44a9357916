/** The numbered list of commands: a command has one number however often it is cited. */
export class CommandList {
  readonly #numbers = new Map<string, number>();

  /** The number of a command, a new one if it was not cited before. */
  cite(command: string): number {
    const known = this.#numbers.get(command);
    if (known !== undefined) return known;
    this.#numbers.set(command, this.#numbers.size + 1);
    return this.#numbers.size;
  }

  /** In the order of their numbers. */
  get all(): readonly string[] {
    return [...this.#numbers.keys()];
  }
}
