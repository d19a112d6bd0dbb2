/** A disk that becomes full, or breaks. */

import type { User } from "#api/session.ts";
import { NotKept, type Shelf, type Shelves } from "#shelf/shelf.ts";

/** Shelves as given, of which everything that `isBroken` names is not kept. */
export function breaking(shelves: Shelves, isBroken: (method: string) => boolean): Shelves {
  return wrapped(shelves, {
    async open(user: User): Promise<Shelf> {
      const shelf = await shelves.open(user);
      return new Proxy(shelf, {
        get(target, name) {
          const member: unknown = Reflect.get(target, name);
          if (typeof member !== "function") return member;
          if (isBroken(String(name))) return () => Promise.reject(new NotKept("full"));
          return member.bind(target);
        },
      });
    },
  });
}

/** Shelves as given, but for what is named. */
export function wrapped(shelves: Shelves, other: Partial<Shelves>): Shelves {
  return {
    last: () => shelves.last(),
    setLast: (user) => shelves.setLast(user),
    forgetLast: (id) => shelves.forgetLast(id),
    watchLast: (hear) => shelves.watchLast(hear),
    open: (user) => shelves.open(user),
    ...other,
  };
}
