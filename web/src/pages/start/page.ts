import type { Page } from "../../lib/pages";

export const page: Page = { name: "start", order: 0, needs: "nothing", load: () => import("./view") };
