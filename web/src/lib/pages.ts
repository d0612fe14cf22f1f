/** Pages, found by name: every pages/NAME/page.ts exports one. */

import type { ComponentType } from "preact";
import type { Role } from "./session";

export interface Page {
  /** Its name in the address; its title is the text `web.page.NAME`. */
  name: string;
  /** Place in the navigation; a page without one is reached by links. */
  order?: number;
  /** What must be open for it: nothing, a study, a run of a study, that nobody is logged in, or not even a login. */
  needs: "nothing" | "study" | "run" | "login" | "anyone";
  /** The role it is for, from which on it is shown. */
  role?: Role;
  /** Only shown to a team's server. */
  team?: boolean;
  load: () => Promise<{ default: ComponentType }>;
}

const found = import.meta.glob<{ page: Page }>("../pages/*/page.ts", { eager: true });

export const pages: Page[] = Object.values(found).map((each) => each.page).sort((one, other) => (one.order ?? 99) - (other.order ?? 99));
