import type { Page } from "../../lib/pages";

export const page: Page = { name: "account", order: 95, needs: "nothing", team: true, load: () => import("./view") };
