import type { Page } from "../../lib/pages";

export const page: Page = { name: "login", needs: "login", load: () => import("./view") };
