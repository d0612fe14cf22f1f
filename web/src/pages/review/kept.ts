/** Comments that a filter keeps. */

import type { Comment } from "../../lib/comments";

export interface Filter { status: string; kind: string; author: string; text: string }

/** Comments by state, kind, author and words, of replies too; the open ones first, then the latest. */
export function kept(all: Comment[], filter: Filter): Comment[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  const order = ["open", "answered", "closed"];
  return all
    .filter((each) => {
      const hay = [each.id, each.author, each.text, each.about, ...Object.values(each.about_said), ...each.replies.flatMap((reply) => [reply.author, reply.text])].join(" ").toLowerCase();
      return (!filter.status || each.status === filter.status) && (!filter.kind || each.kind === filter.kind) && (!filter.author || each.author === filter.author) && words.every((word) => hay.includes(word));
    })
    .sort((one, other) => order.indexOf(one.status) - order.indexOf(other.status) || other.when.localeCompare(one.when));
}
