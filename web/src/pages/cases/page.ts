import type { Page } from "../../lib/pages";

export const page: Page = { name: "cases", order: 90, needs: "nothing", load: () => import("./view") };
