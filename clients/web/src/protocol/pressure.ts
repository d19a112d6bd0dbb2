/** How busy the server says it is, with each `pong`; and what a client leaves out then. */

/** It neither takes nor passes on who types. */
const BUSY = 1;
/** It leaves out who is there as well. */
const OVERLOADED = 2;

export class Pressure {
  /** 0 is calm. A server that does not say is taken for calm. */
  level = 0;

  get mayType(): boolean {
    return this.level < BUSY;
  }

  get isHigh(): boolean {
    return this.level >= OVERLOADED;
  }
}
